"""QR codes of places: a signed name that says where a phone stands, printed on a label.

A mark names a unit, an entrance or a place of one estate and cannot be made up; whoever photographs it can use it
again, so it proves a visit only together with the time and the person.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.signing import BadSignature, Signer

from .models import Entrance, Place, Unit

if TYPE_CHECKING:
    from .models import Estate

NOUNS = {"u": Unit, "e": Entrance, "p": Place}
LETTERS = {model: letter for letter, model in NOUNS.items()}
_signer = Signer(salt="guanjia.estates.mark", sep=".")


def mark_of(row: Any) -> str:
    """The text of a place's label."""
    return _signer.sign(f"{row.estate_id}-{LETTERS[type(row)]}{row.pk}")


def place_of(mark: str, estate: Estate) -> Unit | Entrance | Place | None:
    """What a label stands at, or None when it is forged, of another estate, or gone."""
    try:
        plain = _signer.unsign(mark)
    except BadSignature:
        return None
    estate_id, _dash, name = plain.partition("-")
    if estate_id != str(estate.pk):
        return None
    found: Any = NOUNS[name[0]].objects.at_estate(estate).filter(pk=int(name[1:])).first()
    return found


def is_at(spot: Unit | Entrance | Place | None, unit: Unit | None, place: Place | None) -> bool:
    """Whether a label's spot is where a ticket wants somebody: the unit, its entrance, its building's places; the place itself."""
    if spot is None:
        return False
    if isinstance(spot, Place):
        return bool(place and spot.pk == place.pk) or bool(unit and spot.building_id == unit.building_id)
    if isinstance(spot, Entrance):
        return bool(unit and spot.pk == unit.entrance_id) or bool(place and place.building_id == spot.building_id)
    return bool(unit and spot.pk == unit.pk)
