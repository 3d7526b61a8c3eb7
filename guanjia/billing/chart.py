"""The shape of `rulebooks/accounts.yaml`: the chart of accounts."""

from __future__ import annotations

from functools import cache
from typing import Literal

from pydantic import model_validator

from guanjia.rulebooks.book import Entry, read

CASH, BANK, ON_THE_WAY = "1001", "1002", "1012"
RECEIVABLE, PREPAID = "1122", "2203"
AGENCY, DEPOSITS, OPENING, LATE_CHARGES = "2241.01", "2241.02", "4104", "6301"
FUND, EXPENSE = "2711", "6602"


class AccountEntry(Entry):
    title: str
    side: Literal["debit", "credit"]
    sub: Literal["payer"] | None = None
    basis: list[str] = []


class GroupEntry(Entry):
    """Accounts that a budget takes together."""

    title: str
    side: Literal["debit", "credit"]
    accounts: list[str]


class Chart(Entry):
    accounts: dict[str, AccountEntry]
    groups: dict[str, GroupEntry]

    @model_validator(mode="after")
    def _groups_are_apart(self) -> Chart:
        said = [code for group in self.groups.values() for code in group.accounts]
        if len(said) != len(set(said)) or any(
            self.accounts[code].side != group.side for group in self.groups.values() for code in group.accounts
        ):
            raise ValueError("an account stands in one group, on its side")
        return self

    @model_validator(mode="after")
    def _every_basis_once(self) -> Chart:
        from guanjia.billing.kinds import Basis

        said = [basis for entry in self.accounts.values() for basis in entry.basis]
        if sorted(said) != sorted(Basis.values):
            raise ValueError("every basis of a fee stands at one account")
        return self

    def income_of(self, basis: str) -> str:
        """The code of the account that fees of a basis earn at."""
        return next(code for code, entry in self.accounts.items() if basis in entry.basis)


@cache
def chart() -> Chart:
    return read("accounts.yaml", Chart)
