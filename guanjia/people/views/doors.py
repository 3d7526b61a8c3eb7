"""`@signed_in`: pages that belong to a person and to no estate."""

from __future__ import annotations

import functools
from typing import Any

from django.contrib.auth.decorators import login_required
from django.views.decorators.cache import never_cache


def signed_in(view: Any) -> Any:
    """Ask a stranger to sign in; test_house reads the mark."""
    guarded: Any = functools.wraps(view)(never_cache(login_required(view)))
    guarded.signed_in = True
    return guarded
