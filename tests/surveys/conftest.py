from __future__ import annotations

import pytest

from guanjia.clocks import calendars
from guanjia.rulebooks.own import forget_own
from guanjia.rulebooks.parameters import forget


@pytest.fixture(autouse=True)
def _remember_nothing():
    """What a process remembers of settings and books must not outlive a test's rows."""
    for drop in (forget, forget_own, calendars.forget):
        drop()
    yield
    for drop in (forget, forget_own, calendars.forget):
        drop()
