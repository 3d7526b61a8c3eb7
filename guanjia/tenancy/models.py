"""The three kinds of table, declared once (design §8, citus.md §3).

`EstateOwned` rows belong to one estate and move to its shard; `CompanyWide` tables are small and copied everywhere;
`Local` tables stay with the coordinator (sessions, logins). `tests/test_house.py` walks the registry.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Self

from django.core.exceptions import ValidationError
from django.db import models

from .writing import insert_new, update_each

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class EstateQuerySet(models.QuerySet):
    """Phrases every estate-owned table understands."""

    def at_estate(self, estate: Any) -> Self:
        """Only the rows of one estate; every query starts here."""
        return self.filter(estate_id=getattr(estate, "pk", estate))

    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        """Insert estate by estate: over several shards RETURNING comes back out of order."""
        by_estate: dict[int, list[Any]] = defaultdict(list)
        for obj in objs:
            by_estate[obj.estate_id].append(obj)
        return [made for group in by_estate.values() for made in super(EstateQuerySet, self).bulk_create(group, *args, **kwargs)]

    def insert_new(self, objs: Iterable[Any]) -> list[int]:
        """Insert rows of one estate in one lean statement, leaving out what is there already; the ids of the new ones."""
        rows = list(objs)
        return insert_new(rows) if rows else []

    def update_each(self, objs: Iterable[Any], names: Sequence[str]) -> int:
        """Write columns of rows of one estate in one lean statement: `bulk_update` without its tower of CASEs."""
        rows = list(objs)
        return update_each(rows, names) if rows else 0


class EstateOwned(models.Model):
    """A row of one estate. `estate_id` is in every key and never changes."""

    estate = models.ForeignKey("estates.Estate", models.PROTECT, related_name="+", db_index=False, editable=False)

    objects = EstateQuerySet.as_manager()

    class Meta:
        abstract = True

    @classmethod
    def from_db(cls, db: Any, field_names: Any, values: Any, **more: Any) -> Self:
        row = super().from_db(db, field_names, values, **more)
        row._estate_at_load = row.__dict__.get("estate_id")
        return row

    def _do_update(self, base_qs: Any, using: Any, pk_val: Any, values: Any, *more: Any) -> Any:
        """Name the estate in every UPDATE and never set it."""
        loaded = getattr(self, "_estate_at_load", None)
        if loaded is not None and loaded != self.estate_id:
            raise ValidationError("a row never changes its estate")
        values = [value for value in values if value[0].attname != "estate_id"]
        base_qs = base_qs.filter(estate_id=self.estate_id)
        return super()._do_update(base_qs, using, pk_val, values, *more)


class CompanyWide(models.Model):
    """A small table that every estate reads: companies, estates, rulebooks."""

    class Meta:
        abstract = True


class Local(models.Model):
    """A table that stays on the coordinator; estate-owned rows hold its keys by value."""

    class Meta:
        abstract = True


class EstateForeignKey(models.ForeignKey):
    """A link between two rows of one estate: the pair (estate_id, x_id) is the key, in SQL and in every join.

    The schema editor writes `FOREIGN KEY (estate_id, x_id) REFERENCES … (estate_id, id)`, so a bill of one estate can
    never point at a unit of another. `on_delete` is CASCADE, RESTRICT or PROTECT.
    """

    def __init__(self, to: Any, on_delete: Any, **kwargs: Any) -> None:
        if on_delete in (models.SET_NULL, models.SET_DEFAULT):
            raise ValueError("a composite key cannot be set to null: it holds estate_id")
        kwargs.setdefault("db_index", False)
        super().__init__(to, on_delete, **kwargs)

    def get_extra_restriction(self, alias: Any, related_alias: Any) -> Any:
        """Join on the estate as well as on the id."""
        local: Any = self.model._meta.get_field("estate")
        remote: Any = self.remote_field.model._meta.get_field("estate")
        if alias is None or related_alias is None:
            return None
        lookup = remote.get_lookup("exact")
        return lookup(remote.get_col(related_alias), local.get_col(alias))

    def get_extra_descriptor_filter(self, instance: Any) -> Any:
        """Following the link names the estate too."""
        return {"estate_id": instance.estate_id}


class PersonKey(models.ForeignKey):
    """A person by value: no database key, because logins may live apart from an estate's rows (design §8)."""

    def __init__(self, to: Any = "people.Person", on_delete: Any = models.DO_NOTHING, **kwargs: Any) -> None:
        kwargs["db_constraint"] = False
        kwargs.setdefault("db_index", False)
        kwargs.setdefault("related_name", "+")
        super().__init__(to, on_delete, **kwargs)
