"""Bundle the pages' scripts and styles with esbuild, and the icons into one SVG sprite.

From `guanjia/web/assets/` (js/app.js, js/charts.js, js/reader.js, js/sw.js, css/app.css, icons.txt) to `guanjia/web/static/built/`.
What is absent is left out. `python -m ops.build_assets [--force]`.
"""

import hashlib
import json
import subprocess
import sys
from pathlib import Path

from ops import node
from ops.places import ROOT
from ops.trouble import Trouble, guard

SOURCE = ROOT / "guanjia" / "web" / "assets"
BUILT = ROOT / "guanjia" / "web" / "static" / "built"
STAMP = BUILT / ".stamp"
ENTRIES = ("js/app.js", "js/charts.js", "js/reader.js", "js/sw.js", "css/app.css")
ICONS = SOURCE / "icons.txt"
LUCIDE = ROOT / "node_modules" / "@iconify-json" / "lucide" / "icons.json"


def fingerprint() -> str:
    """Changes with any source file, this file and the lock."""
    seen = hashlib.sha256()
    files = sorted(path for path in SOURCE.rglob("*") if path.is_file()) if SOURCE.exists() else []
    for path in (*files, Path(__file__), ROOT / "package-lock.json"):
        seen.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return seen.hexdigest()


def is_fresh() -> bool:
    try:
        return STAMP.read_text() == fingerprint()
    except OSError:
        return not SOURCE.exists()


def build() -> None:
    mark = fingerprint()
    BUILT.mkdir(parents=True, exist_ok=True)
    bundle([SOURCE / name for name in ENTRIES if (SOURCE / name).exists()], mark)
    if ICONS.exists():
        (BUILT / "icons.svg").write_text(sprite(icon_names(ICONS.read_text())))
    STAMP.write_text(mark)


def bundle(entries: list[Path], version: str = "") -> None:
    """Each entry becomes `built/<name>`: lowered to Chrome 99 and Safari 15.4, minified. The service worker knows its version."""
    if not entries:
        return
    command: list[str | Path] = [
        ROOT / "node_modules" / ".bin" / "esbuild", *entries, "--bundle", "--minify", "--charset=utf8",
        "--target=chrome99,safari15.4", f"--outdir={BUILT}", "--entry-names=[name]", "--log-level=error",
        "--loader:.svg=file", "--loader:.png=file", "--legal-comments=none", f"--define:VERSION={json.dumps(version[:16])}",
    ]  # fmt: skip
    ran = subprocess.run(command, cwd=ROOT, env=node.environment(), capture_output=True, text=True, check=False)
    if ran.returncode:
        raise Trouble(f"打包失败：\n{ran.stderr.strip()}", "esbuild refused, see above")


def icon_names(text: str) -> list[str]:
    """One name per line; blank lines and what follows a # are left out."""
    lines = (line.partition("#")[0].strip() for line in text.splitlines())
    return sorted({line for line in lines if line})


def sprite(names: list[str]) -> str:
    """An SVG of one symbol per name. Raises Trouble for a name lucide does not have."""
    lucide = json.loads(LUCIDE.read_text())
    side = lucide.get("height", 24)
    missing = [name for name in names if name not in lucide["icons"] and name not in lucide["aliases"]]
    if missing:
        raise Trouble(f"lucide 没有这些图标：{', '.join(missing)}", "unknown icons in icons.txt")
    symbols = (f'<symbol id="{name}" viewBox="0 0 {side} {side}">{body(lucide, name)}</symbol>' for name in names)
    return f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(symbols)}</svg>\n'


def body(lucide: dict, name: str) -> str:
    while name in lucide["aliases"]:
        name = lucide["aliases"][name]["parent"]
    return lucide["icons"][name]["body"]


def main() -> int:
    if "--force" in sys.argv or not is_fresh():
        build()
    return 0


if __name__ == "__main__":
    guard(main)
