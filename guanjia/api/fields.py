"""The kinds of value that bodies and addresses are made of: as long as their columns, without NUL, within bigint."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

NO_NUL = r"^[^\x00]*$"  # PostgreSQL has no such character in text
BIG = 2**63 - 1

Id = Annotated[int, Field(ge=1, le=BIG, examples=[17])]
Stars = Annotated[int, Field(ge=1, le=5, strict=True, examples=[5])]
Share = Annotated[Decimal, Field(ge=0, le=100, max_digits=5, decimal_places=2)]  # of a hundred


def said(most: int, example: str, least: int = 1, **more: Any) -> Any:
    """Words that must be given, `most` characters at most."""
    return Field(min_length=least, max_length=most, pattern=NO_NUL, examples=[example], **more)


def perhaps(most: int, example: str, **more: Any) -> Any:
    """Words that may be left out."""
    return Field("", max_length=most, pattern=NO_NUL, examples=[example], **more)


def _within_reason(at: datetime) -> datetime:
    if not datetime(2000, 1, 1, tzinfo=UTC) <= at < datetime(2100, 1, 1, tzinfo=UTC):
        raise ValueError("an instant from 2000 to 2099")
    return at


def _of_this_century(day: date) -> date:
    if not 2000 <= day.year < 2100:
        raise ValueError("a day from 2000 to 2099")
    return day


Instant = Annotated[AwareDatetime, AfterValidator(_within_reason)]
Day = Annotated[date, AfterValidator(_of_this_century)]  # there is a day after it, and a midnight before it, anywhere


def one_of(value: str) -> Any:
    """A column's choice where an answer names its values (`Literal`): the answer itself looks whether it is one."""
    return value


class Body(BaseModel):
    """What is sent to an act. `data` is what its verb wants; an unknown key is a mistake, not a wish."""

    model_config = ConfigDict(extra="forbid")

    def data(self, reach: Any, row: Any) -> dict[str, Any]:
        return self.model_dump()
