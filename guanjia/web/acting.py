"""What pages of buttons share: carrying out a verb and telling how it went."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404

from guanjia.tenancy.errors import NotAllowed, Refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest


def act(request: HttpRequest, verb: Callable[[], Any], said: str) -> bool:
    """Do it and say so, or say why not; who may not finds nothing there."""
    try:
        verb()
    except NotAllowed as refused:
        raise Http404 from refused
    except Refused as refused:
        messages.warning(request, str(refused))
        return False
    messages.success(request, said)
    return True
