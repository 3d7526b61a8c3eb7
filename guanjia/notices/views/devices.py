"""Notices on one's own devices: switched on with consent, listed, switched off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages as toasts
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanjia.people.addresses import device_of
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.reading import row_id
from guanjia.web.guard import needs

from ..models import Device

if TYPE_CHECKING:
    from django.http import HttpResponse


@needs(resident=True)
@require_POST
def devices(request: Any) -> HttpResponse:
    """This device, which its person agreed to in the browser's own question; sent twice it is one."""
    said = {name: request.POST.get(name, "") for name in ("endpoint", "p256dh", "auth")}
    try:
        Device.objects.subscribe(request.user, **said, label=device_of(request))
        toasts.success(request, _("这台设备会收到通知。"))
    except Refused as refused:
        toasts.warning(request, str(refused))
    return redirect("notices:inbox", request.estate.code)


@needs(resident=True)
@require_POST
def forgetting(request: Any) -> HttpResponse:
    """By the device itself, or one of the list."""
    Device.objects.forget(request.user, pk=row_id(request.POST.get("device")), endpoint=request.POST.get("endpoint", ""))
    toasts.success(request, _("这台设备不再收到通知。"))
    return redirect("notices:inbox", request.estate.code)
