"""Where things are: the checkout, its environment, and the home of the data."""

import hashlib
import os
from pathlib import Path

from ops.trouble import Trouble

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"


def tag(path: Path) -> str:
    """Eight hex digits that tell one path from another."""
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:8]


def is_root() -> bool:
    return os.geteuid() == 0


def home() -> Path:
    """The folder of data, secret and logs: `$GUANJIA_HOME`, else `var/` of the checkout; root uses `/var/lib`."""
    named = os.environ.get("GUANJIA_HOME")
    if named:
        return Path(named).expanduser().resolve()
    return system_state(ROOT) if is_root() else ROOT / "var"


def system_state(path: Path) -> Path:
    return Path("/var/lib") / f"guanjia-{tag(path)}"


def make_home() -> Path:
    """`home()`, made if missing. Raises Trouble when it cannot be written."""
    place = home()
    try:
        (place / "log").mkdir(parents=True, exist_ok=True)
        writable = os.access(place, os.W_OK) and os.access(place / "log", os.W_OK)
    except PermissionError:
        writable = False
    except OSError as error:
        raise Trouble.of(error, place) from error
    if not writable:
        raise Trouble(
            f"数据目录不可写：{place}，请用 GUANJIA_HOME=目录 指定可写的位置",
            f"cannot write to {place}; set GUANJIA_HOME to a folder you may write",
        )
    return place
