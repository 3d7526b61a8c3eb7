"""The payment port: how the house talks to a payment gateway, and the simulator that speaks as real ones do.

A gateway signs `timestamp\\nnonce\\nbody\\n` with its RSA key (SHA-256, PKCS#1 v1.5) and names the key by its serial; the
house knows the public key only. WeChat Pay and Alipay get an adapter each; nothing else in the house knows them.
"""

from __future__ import annotations

import base64
import contextlib
import json
import logging
import secrets
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from django.conf import settings

from guanjia import clock

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .models import PayOrder

log = logging.getLogger("guanjia.payments")
FRESH = 300  # seconds a signature holds
STAMP, NONCE, SIGNATURE, SERIAL = "Pay-Timestamp", "Pay-Nonce", "Pay-Signature", "Pay-Serial"


class Forged(Exception):
    """A callback that no gateway of ours has signed, or signed too long ago."""


@dataclass(frozen=True)
class Told:
    """What a genuine callback says."""

    number: str
    transaction: str
    amount: Decimal
    paid: bool


class Gateway(Protocol):
    def read(self, headers: Mapping[str, str], body: bytes) -> Told:
        """The callback's words; raises Forged."""

    def page(self, order: PayOrder) -> str:
        """Where the payer goes to pay."""


def message(stamp: str, nonce: str, body: bytes) -> bytes:
    return f"{stamp}\n{nonce}\n".encode() + body + b"\n"


@cache
def _keys() -> rsa.RSAPrivateKey:
    """The simulator's key pair: made once a home, so that web processes agree."""
    path = Path(settings.HOME) / "gateway.pem"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        plain = serialization.NoEncryption()
        made = path.with_name(f"gateway.{secrets.token_hex(4)}")
        made.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain))
        made.chmod(0o600)
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(made)  # the first one wins
        made.unlink()
    found: Any = serialization.load_pem_private_key(path.read_bytes(), None)
    return found


class Simulator:
    """A gateway in a box: signs callbacks as the real ones do; what reads them knows its public key only."""

    serial = "SIMULATOR01"

    def page(self, order: PayOrder) -> str:
        from django.urls import reverse

        return reverse("collection:simulator", args=[order.estate.code, order.number])

    def callback(
        self, number: str, amount: Decimal, *, paid: bool = True, transaction: str = "", at: Any = None
    ) -> tuple[dict[str, str], bytes]:
        """Headers and body of a callback, signed now."""
        transaction = transaction or f"4200{secrets.randbelow(10**20):020d}"
        said = {
            "out_trade_no": number,
            "transaction_id": transaction,
            "trade_state": "SUCCESS" if paid else "PAYERROR",
            "amount": {"total": str(amount)},
        }
        body = json.dumps(said, ensure_ascii=False).encode()
        stamp, nonce = str(int((at or clock.now()).timestamp())), secrets.token_hex(16)
        signed = _keys().sign(message(stamp, nonce, body), padding.PKCS1v15(), hashes.SHA256())
        return {STAMP: stamp, NONCE: nonce, SERIAL: self.serial, SIGNATURE: base64.b64encode(signed).decode()}, body

    def read(self, headers: Mapping[str, str], body: bytes) -> Told:
        """Check who signed it and when, then what it says."""
        stamp, nonce = headers.get(STAMP, ""), headers.get(NONCE, "")
        try:
            signed = base64.b64decode(headers.get(SIGNATURE, ""), validate=True)
            _keys().public_key().verify(signed, message(stamp, nonce, body), padding.PKCS1v15(), hashes.SHA256())
            fresh = abs(int(stamp) - int(clock.now().timestamp())) <= FRESH
        except (InvalidSignature, ValueError) as forged:
            raise Forged("signature") from forged
        if not fresh or headers.get(SERIAL) != self.serial:
            raise Forged("stale" if not fresh else "serial")
        try:
            said = json.loads(body)
            amount = Decimal(str(said["amount"]["total"]))
            return Told(
                str(said["out_trade_no"])[:32],
                str(said["transaction_id"])[:64],
                amount,
                said["trade_state"] == "SUCCESS",
            )
        except (KeyError, TypeError, ValueError, InvalidOperation) as odd:
            raise Forged("body") from odd


def gateway() -> Simulator | None:
    """The port in use; none where nothing is set up (then phones show how else to pay)."""
    return Simulator() if settings.DEMO or settings.DEBUG or settings.PAYMENT_SIMULATOR else None


def receive(estate: Any, headers: Mapping[str, str], body: bytes) -> tuple[int, str]:
    """(status, code) for the gateway. 2xx ends its retries; everything is safe to repeat."""
    from .models import PayOrder

    port = gateway()
    if port is None:
        return 404, "NO_GATEWAY"
    try:
        told = port.read(headers, body)
    except Forged as forged:
        log.warning("callback refused: %s", forged)
        return 401, "SIGN_ERROR"
    order = PayOrder.objects.at_estate(estate).select_related("estate").filter(number=told.number).first()
    if order is None:
        return 404, "ORDER_NOT_EXIST"
    if not told.paid:
        order.fail()
        return 200, "SUCCESS"
    answer = order.settle(told.transaction, told.amount)
    return (409, "AMOUNT_ERROR") if answer == "other_amount" else (200, "SUCCESS")
