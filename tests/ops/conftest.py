import os
import shutil
import tempfile
from pathlib import Path

import pytest

from ops.cluster import Cluster


@pytest.fixture
def home(monkeypatch):
    """A home of one's own, which nobody may enter when root runs the tests; its server is stopped at the end."""
    place = Path(tempfile.mkdtemp(prefix="guanjia-test-", dir="/tmp"))
    place.chmod(0o755)
    monkeypatch.setenv("GUANJIA_HOME", str(place))
    for name in [name for name in os.environ if name.startswith("DATABASE_")]:
        monkeypatch.delenv(name)
    yield place
    cluster = Cluster.named()
    cluster.stop()
    shutil.rmtree(cluster.sockets, ignore_errors=True)
    shutil.rmtree(place)
