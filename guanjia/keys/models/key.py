"""钥匙清单台账: every key of the house under a label that does not say which door it opens (KEY-01)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.people.models import Post
from guanjia.people.roles import roles
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, EstateQuerySet
from guanjia.tenancy.scope import estate_scope
from guanjia.tenancy.verbs import refusing_clashes, verb

from .lendable import Lendable

if TYPE_CHECKING:
    from datetime import datetime

LABEL = re.compile(r"[A-Z]{1,6}-[0-9]{1,6}")


class KeyQuerySet(EstateQuerySet["Key"]):
    def live(self) -> KeyQuerySet:
        return self.filter(retired_at__isnull=True)

    def visible_to(self, reach: Any) -> KeyQuerySet:
        """Keepers see the register (stewards: the house's keys and those of their zones' homes), others their post's and what they hold."""
        rows = self.at_estate(reach.estate)
        if not reach.may("key.keep"):
            held = Q(pk__in=rows.filter(loans__person_id=reach.person_id, loans__returned_at__isnull=True).values("pk"))
            return rows.filter(held | Q(role__in=list(reach.roles))) if reach.is_staff else rows.none()
        if reach.sees != "zone":
            return rows
        mine = Q(custodies__first_id=reach.person_id) | Q(custodies__second_id=reach.person_id)
        theirs = rows.filter(Q(custodies__ended_at__isnull=True) & mine).values("pk")
        return rows.filter(Q(unit__isnull=True) | Q(unit__zone_id__in=list(reach.zones)) | Q(pk__in=theirs))

    def register(
        self, code: str, kind: str, opens: str, custody: str, *, by: Any, copies: int = 1, role: str = "", unit: Any = None, at: datetime | None = None
    ) -> Key:  # fmt: skip
        """Put a key on the list. Its label is a code that names no room; `role` is whose post's key it is (KEY-01, KEY-05)."""
        at = at or clock.now()
        by.must_in(unit.zone_id, "key.keep") if unit is not None else by.must("key.keep")
        said = _said(code, kind, opens, custody, copies, role, unit)
        with refusing_clashes(), estate_scope(by.estate):
            if self.at_estate(by.estate).filter(code=said["code"]).exists():
                raise Refused(_("这个编码已经用过。"), code="code_taken")
            made = self.create(estate=by.estate, made_at=at, **said)
            Event.objects.record(Action.KEY_KEPT, made, by=by, at=at, told=False, code=made.code)
        return made


def _said(code: str, kind: str, opens: str, custody: str, copies: int, role: str, unit: Any) -> dict[str, Any]:
    code, opens, custody = code.strip().upper(), opens.strip(), custody.strip()
    if not LABEL.fullmatch(code):
        raise Refused(_("编码写成字母加横线加数字，如 GZ-012。"), code="bad_code")
    if unit is not None and unit.room and unit.room in code.rpartition("-")[2]:
        raise Refused(_("钥匙标签上不能看出房号。"), code="room_on_label")
    if kind not in Key.Kind.values or not opens or not custody or not 1 <= copies <= 100:
        raise Refused(_("请写明开什么、放在哪里和把数。"), code="incomplete")
    if role and role not in roles():
        raise Refused(_("没有这个岗位。"), code="no_such_role")
    if kind == Key.Kind.WORK and not role:
        raise Refused(_("工作钥匙要写明属于哪个岗位。"), code="role_missing")
    if kind == Key.Kind.ENTRUSTED and unit is None:
        raise Refused(_("托管钥匙要写明房号。"), code="unit_missing")
    return {"code": code, "kind": kind, "opens": opens[:120], "custody": custody[:80], "copies": copies, "role": role, "unit": unit}


class Key(Lendable, EstateOwned):
    """One ring: what hangs on it is lent together, to one person at a time."""

    class Kind(models.TextChoices):
        WORK = "work", gettext_lazy("工作钥匙")
        SPARE = "spare", gettext_lazy("公共部位钥匙")
        ENTRUSTED = "entrusted", gettext_lazy("业主托管钥匙")
        DEVICE = "device", gettext_lazy("器械、对讲机、巡更器")

    noun = "key"
    code = models.CharField(max_length=16)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    opens = models.CharField(max_length=120)
    custody = models.CharField(max_length=80)  # where it hangs
    copies = models.PositiveSmallIntegerField(default=1)
    role = models.CharField(max_length=30, blank=True)  # whose post's key (KEY-05)
    unit = EstateForeignKey("estates.Unit", models.RESTRICT, null=True, related_name="door_keys")
    made_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)
    retired_why = models.CharField(max_length=200, blank=True)

    objects = KeyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["estate", "code"], name="key_code"),
            models.CheckConstraint(condition=Q(code__regex=r"^[A-Z]{1,6}-[0-9]{1,6}$"), name="key_label"),
            models.CheckConstraint(condition=~Q(opens="") & ~Q(custody="") & Q(copies__gte=1), name="key_complete"),
            models.CheckConstraint(condition=~Q(kind="work") | ~Q(role=""), name="key_of_a_post"),
            models.CheckConstraint(condition=~Q(kind="entrusted") | Q(unit__isnull=False), name="key_of_a_home"),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def role_title(self) -> str:
        from guanjia.people.roles import title_of

        return title_of(self.role) if self.role else ""

    @verb
    def amend(self, *, by: Any, opens: str, custody: str, copies: int, role: str = "", at: datetime | None = None) -> None:
        """Put the entry right; the label stays what it is."""
        by.must("key.keep")
        said = _said(self.code, self.kind, opens, custody, copies, role, self.unit)
        for name in ("opens", "custody", "copies", "role"):
            setattr(self, name, said[name])
        self.save(update_fields=["opens", "custody", "copies", "role"])
        Event.objects.record(Action.KEY_AMENDED, self, by=by, at=at or clock.now(), told=False, code=self.code, custody=self.custody)

    @verb
    def retire(self, why: str, *, by: Any, at: datetime | None = None) -> None:
        """Taken off the list: scrapped, the lock changed, given back."""
        by.must("key.keep")
        at = at or clock.now()
        self._lock()
        if len(why.strip()) < 2:
            raise Refused(_("请写原因。"), code="why_missing")
        if self.open_loan():
            raise Refused(_("钥匙还在外面，先归还。"), code="is_out")
        if self.custodies.filter(ended_at__isnull=True).exists():
            raise Refused(_("业主托管的钥匙在托管协议里归还，由业主签收。"), code="in_custody")
        self.retired_at, self.retired_why = at, why.strip()[:200]
        self.save(update_fields=["retired_at", "retired_why"])
        Event.objects.record(Action.KEY_RETIRED, self, by=by, at=at, told=False, code=self.code, why=self.retired_why)

    def borrowers(self, at: datetime) -> Any:
        """Who may take it: of a post's key, who holds the post; of others, everybody in post."""
        from guanjia.people.models import Person

        posts = Post.objects.at_estate(self.estate_id).held_on(clock.today(self.estate, at))
        posts = posts.filter(role=self.role) if self.role else posts
        return Person.objects.filter(pk__in=posts.values("person_id"), is_active=True).order_by("name")
