"""Ways out of the house. A port takes a message and says under which id the other side knows it, or raises NotSent."""

from __future__ import annotations

from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string


class NotSent(Exception):
    """The other side did not take it. `for_good` when trying again is useless."""

    def __init__(self, why: str, *, for_good: bool = False) -> None:
        super().__init__(why)
        self.for_good = for_good


class SmsPort(Protocol):
    """`key` is the same when a message is sent again: a provider that knows it sends nothing twice."""

    keeps_words: bool  # whether the house may go on showing what was sent

    def send(self, phone: str, words: str, key: str) -> str: ...


class PretendSms:
    """Takes everything and sends nothing; the demo shows it at /demo/outbox/."""

    keeps_words = True

    def send(self, phone: str, words: str, key: str) -> str:
        return f"pretend-{key}"


class NoSms:
    """No provider is set up (GUANJIA_SMS_PORT)."""

    keeps_words = False

    def send(self, phone: str, words: str, key: str) -> str:
        raise NotSent("no SMS provider is set up: GUANJIA_SMS_PORT", for_good=True)


def sms_port() -> SmsPort:
    port: SmsPort = import_string(settings.SMS_PORT)()
    return port
