"""Where a request comes from, and with what."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from django.http import HttpRequest

# Order matters: every Chrome also says Safari, every WeChat also says Chrome.
SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "HarmonyOS": "HarmonyOS",
    "Windows": "Windows",
    "Macintosh": "Mac",
    "Linux": "Linux",
}
BROWSERS = {
    "MicroMessenger": "微信",
    "wxwork": "企业微信",
    "DingTalk": "钉钉",
    "Edg": "Edge",
    "Firefox": "Firefox",
    "Chrome": "Chrome",
    "Safari": "Safari",
}


def address_of(request: HttpRequest) -> str:
    """The client's address; behind GUANJIA_PROXIES trusted proxies the one that they saw. An IPv6 home counts as one."""
    address = request.META.get("REMOTE_ADDR", "") or ""
    proxies = getattr(settings, "PROXIES", 0)
    if proxies:
        told = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
        address = told[-min(proxies, len(told))] if told else address
    try:
        known = ip_address(address.split("%")[0])
    except ValueError:
        return "unknown"
    return (
        str(ip_network((known, 64), strict=False))
        if isinstance(known, IPv6Address) and not known.ipv4_mapped
        else str(known)
    )


def device_of(request: HttpRequest) -> str:
    """`iPhone · 微信`."""
    agent = request.headers.get("User-Agent", "")
    found = [next((word for mark, word in known.items() if mark in agent), "") for known in (SYSTEMS, BROWSERS)]
    return " · ".join(filter(None, found)) or _("未知设备")
