"""家人: a household asks to add, correct or take out somebody; whoever keeps its file answers (issue 7 line 8)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.households.models import Household, Member, Occupancy
from guanjia.people.phones import e164
from guanjia.people.privacy import mask_name
from guanjia.people.responsibility import responsible_for
from guanjia.tenancy.errors import NotAllowed, Refused
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, EstateQuerySet, PersonKey
from guanjia.tenancy.scope import estate_scope
from guanjia.tenancy.verbs import refusing_clashes, verb

if TYPE_CHECKING:
    from datetime import datetime

OPEN = Q(state="asked")


class FamilyAskQuerySet(EstateQuerySet["FamilyAsk"]):
    def open(self) -> FamilyAskQuerySet:
        return self.filter(OPEN)

    def visible_to(self, reach: Any) -> FamilyAskQuerySet:
        """A household its own; who edits files those of their zones, or the estate's."""
        rows = self.at_estate(reach.estate)
        if not reach.is_staff:
            return rows.filter(household_id__in=list(reach.households))
        if not reach.may("household.edit"):
            return rows.none()
        return rows.filter(zone_id__in=list(reach.zones)) if reach.sees == "zone" else rows

    def ask(
        self, household: Household, act: str, *, by: Any, member: Member | None = None, name: str = "", kind: str = "", phone: str = "", words: str = "", at: datetime | None = None
    ) -> FamilyAsk:  # fmt: skip
        """By somebody who signs in for the household. One open question about the same person; nothing changes until it is answered."""
        at = at or clock.now()
        if household.pk not in by.households:
            raise NotAllowed("family.ask")
        if act not in FamilyAsk.Act.values or (act != "add" and (member is None or member.household_id != household.pk or member.left_on)):
            raise Refused(_("请选择家人。"), code="no_member")
        try:
            phone = e164(phone) if phone.strip() else ""
        except ValueError as error:
            raise Refused(_("这不是一个手机号。"), code="not_a_phone") from error
        if act == "add" and (not name.strip() or kind not in (Member.Kind.FAMILY, Member.Kind.TENANT, Member.Kind.TEMPORARY)):
            raise Refused(_("请写姓名和身份。"), code="incomplete")
        if act == "change" and not (name.strip() or phone):
            raise Refused(_("请写要改成什么。"), code="incomplete")
        home = Occupancy.objects.at_estate(by.estate).filter(household=household, during__contains=clock.today(by.estate, at)).select_related("unit").first()
        zone_id = home.unit.zone_id if home else None
        with refusing_clashes(), estate_scope(by.estate):
            if act == "add" and self.at_estate(by.estate).open().filter(household=household, act="add", name=name.strip()).exists():
                raise Refused(_("已经提交过，等管家核对。"), code="already_asked")
            row = self.create(
                estate=by.estate, household=household, zone_id=zone_id, act=act, member=member, name=name.strip()[:60], kind=kind if act == "add" else "", phone=phone,
                words=words.strip()[:200], asked_by_id=by.person_id, asked_at=at,
            )  # fmt: skip
            steward = responsible_for(by.estate, zone_id, at=at)
            row.tell(Action.FAMILY_ASKED, by=by, at=at, what=str(row.get_act_display()), worker_id=steward.pk if steward else None)
        return row


class FamilyAsk(EstateOwned):
    class Act(models.TextChoices):
        ADD = "add", gettext_lazy("加一位家人")
        CHANGE = "change", gettext_lazy("更正资料")
        REMOVE = "remove", gettext_lazy("已不住这里")

    class State(models.TextChoices):
        ASKED = "asked", gettext_lazy("等管家核对")
        GRANTED = "granted", gettext_lazy("已办好")
        REFUSED = "refused", gettext_lazy("没有通过")
        WITHDRAWN = "withdrawn", gettext_lazy("已撤回")

    noun = "family_ask"
    household = EstateForeignKey(Household, models.CASCADE, related_name="family_asks")
    zone = EstateForeignKey("estates.Zone", models.RESTRICT, null=True, related_name="+")
    act = models.CharField(max_length=8, choices=Act.choices)
    member = EstateForeignKey(Member, models.CASCADE, null=True, related_name="+")
    name = models.CharField(max_length=60, blank=True)
    kind = models.CharField(max_length=10, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    words = models.CharField(max_length=200, blank=True)
    asked_by = PersonKey()
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    judged_by = PersonKey(null=True)
    judged_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=200, blank=True)

    objects = FamilyAskQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["estate", "household", "-asked_at"], name="family_ask_household")]
        constraints = [
            models.UniqueConstraint(fields=["estate", "member"], condition=OPEN & Q(member__isnull=False), name="family_ask_once"),
            models.CheckConstraint(condition=Q(act="add", member__isnull=True) | ~Q(act="add") & Q(member__isnull=False), name="family_ask_member"),
        ]

    def __str__(self) -> str:
        return f"{self.get_act_display()} {self.who}"

    @property
    def who(self) -> str:
        return self.member.name if self.member else self.name

    def _hold(self) -> None:
        row = type(self).objects.at_estate(self.estate_id).select_for_update(of=("self",)).get(pk=self.pk)
        if row.state != FamilyAsk.State.ASKED:
            raise Refused(_("已经处理过。"), code="already_done")

    @verb
    def judge(self, granted: bool, why: str = "", *, by: Any, at: datetime | None = None) -> None:
        """Done in the file at once, or refused with the reason; the household hears."""
        at = at or clock.now()
        by.must("household.edit")
        self._hold()
        if not granted and len(why.strip()) < 2:
            raise Refused(_("请写明原因。"), code="why_missing")
        if granted:
            self._carry_out(by, at)
        self.state, self.why, self.judged_by_id, self.judged_at = "granted" if granted else "refused", why.strip()[:200], by.person_id, at
        self.save(update_fields=["state", "why", "judged_by", "judged_at"])
        outcome = str(self.get_state_display())
        self.tell(Action.FAMILY_ANSWERED, by=by, at=at, what=str(self.get_act_display()), outcome=outcome, why=self.why, household_id=self.household_id, public=True)

    def _carry_out(self, by: Any, at: datetime) -> None:
        if self.act == "add":
            Member.objects.join(self.household, self.name, self.kind, by=by, phone=self.phone, at=at)
            return
        assert self.member
        if self.act == "remove":
            self.member.leave(by=by, at=at)
            return
        if self.name and self.name != self.member.name:
            self.member.keep(by=by, at=at, name=self.name)
        if self.phone and self.phone != self.member.phone:
            self.member.change_phone(self.phone, by=by, why=_("住户申请"), at=at)

    @verb
    def withdraw(self, *, by: Any, at: datetime | None = None) -> None:
        if self.household_id not in by.households:
            raise NotAllowed("family.ask")
        self._hold()
        self.state = FamilyAsk.State.WITHDRAWN
        self.save(update_fields=["state"])
        self.tell(Action.FAMILY_WITHDRAWN, by=by, at=at or clock.now(), told=False)

    def tell(self, action: Action, *, by: Any, at: datetime, **said: Any) -> None:
        Event.objects.record(action, self, by=by, at=at, who=mask_name(self.who), home=self.household.name, **said)
