"""Which addresses the house may call: public ones over https, never its own network (SSRF)."""

from __future__ import annotations

import socket
from ipaddress import ip_address, ip_network
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

NAT64 = ip_network("64:ff9b::/96")  # leads to an IPv4 address, perhaps a private one


class BadAddress(Exception):
    """An address the house will not call; the message says why."""


class NotFound(BadAddress):
    """The name leads nowhere just now; it may later."""


def check_form(url: str) -> tuple[str, int]:
    """Host and port of an address in a form we may call. http only where private addresses are allowed (demo, tests)."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise BadAddress(_("地址写法不对。")) from None
    if parts.scheme not in ("https", "http") or not host or any(sign.isspace() for sign in url):
        raise BadAddress(_("地址要以 https:// 开头。"))
    if parts.scheme == "http" and not settings.WEBHOOKS_TO_PRIVATE:
        raise BadAddress(_("地址要以 https:// 开头。"))
    if parts.username or parts.password:
        raise BadAddress(_("地址里不能带用户名和密码。"))
    if _is_literal(host):
        _must_be_public(host)
    elif not settings.WEBHOOKS_TO_PRIVATE and (
        "." not in host or host.rsplit(".", 1)[-1] in ("local", "localhost", "internal", "lan")
    ):
        raise BadAddress(_("不能对接内部网络的地址。"))
    return host, port or (443 if parts.scheme == "https" else 80)


def resolve(url: str) -> str:
    """The one IP address to connect to. Every answer of the name must be public; the connection is pinned to this one,
    so that a name which changes its mind a moment later leads nowhere."""
    host, port = check_form(url)
    try:
        found = [str(answer[4][0]) for answer in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except OSError:
        raise NotFound(_("找不到主机 %(host)s。") % {"host": host}) from None
    for address in found:
        _must_be_public(address)
    return found[0]


def _is_literal(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _must_be_public(address: str) -> None:
    if settings.WEBHOOKS_TO_PRIVATE:
        return
    known = ip_address(address.split("%")[0])
    if known in NAT64:
        raise BadAddress(_("不能对接内部网络的地址。"))
    inner = (
        getattr(known, "ipv4_mapped", None)
        or getattr(known, "sixtofour", None)
        or (getattr(known, "teredo", None) or (None, None))[1]
    )
    if not known.is_global or known.is_multicast or (inner and not inner.is_global):
        raise BadAddress(_("不能对接内部网络的地址。"))
