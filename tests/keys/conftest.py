"""Keys of the cast: the front desk keeps them; 李明 is a keeper with 王芳."""

from datetime import timedelta

import pytest

from guanjia.keys.models import Custody, Key

PNG = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGBgAAAABQABh6FO1AAAAABJRU5ErkJggg=="
)
HOUR = timedelta(hours=1)


@pytest.fixture
def work_key(cast):
    return Key.objects.register("GZ-001", "work", "3 栋配电间", "前台钥匙柜 A-01", role="repairer", by=cast.as_("he"))


@pytest.fixture
def entrusted(cast):
    """An owner's key with its agreement, not signed yet."""
    key = Key.objects.register("TG-007", "entrusted", "入户门", "保险柜 2 格", unit=cast.home, by=cast.as_("ming"))
    return Custody.objects.agree(key, cast.meis, cast.ming, cast.fang, "每周三浇花，用完放回", by=cast.as_("ming"))
