"""The directory of places nearby says what is asked of it, and is verified (VAS-07, VAS-08)."""

from __future__ import annotations

from ..proofs import Source, proof

FACILITIES = Source("facility", "FROM nearby_facility f WHERE f.estate_id = %(estate)s AND f.closed_at IS NULL", "f.id", "f.name", who="f.by_id")

proof(
    "nearby_verified", FACILITIES, "周边服务信息定期核实", "Places nearby are verified regularly",
    kept="f.verified_on >= %(day)s::date - %(nearby.verify_days)s::int",
)  # fmt: skip
proof(
    "nearby_whole", FACILITIES, "周边场所有时间、价格、电话、地址", "Places nearby have hours, price, telephone and address",
    due="f.kind <> 'hotline'", kept="f.phone <> '' AND f.address <> '' AND f.hours <> '' AND f.price <> ''",
)  # fmt: skip
