"""What can be done with a household and what hangs on it: one table, one page for all (design decision 3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from guanjia.households.models import Consent, Household, HouseholdDocument, Member, Need, Pet, Vehicle

from . import forms
from .models import KeyCustomer, Movement, Promise, Tiering, Visit

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class Act:
    title: Any
    form: type[forms.ActForm]
    permission: str
    run: Callable[[Any, dict[str, Any], Any], Any]  # (row, cleaned data, reach)
    icon: str = "check"
    tone: str = "primary"


def _visit(row: Household, data: dict[str, Any], reach: Any) -> Visit:
    return Visit.objects.note(row, by=reach, **data)


def _record(row: Visit, data: dict[str, Any], reach: Any) -> Visit:
    return row.make(by=reach, **{name: value for name, value in data.items() if name != "client_key"})


def _need(row: Household, data: dict[str, Any], reach: Any) -> Need:
    member = row.members.filter(pk=data.pop("member")).first() if data.get("member") else None
    data.pop("member", None)
    return Need.objects.add(row, by=reach, member=member, **data)


def _export(row: Member, data: dict[str, Any], reach: Any) -> Any:
    from .exporting import ask

    return ask(row, by=reach)


def _erase(row: Member, data: dict[str, Any], reach: Any) -> Any:
    from .erasing import ask

    return ask(row, data["why"], by=reach)


EDIT = "household.edit"
MODELS: dict[str, Any] = {
    "home": Household, "member": Member, "consent": Consent, "need": Need, "pet": Pet, "vehicle": Vehicle, "document": HouseholdDocument,
    "tiering": Tiering, "key": KeyCustomer, "movement": Movement, "promise": Promise, "visit": Visit,
}  # fmt: skip
ACTS: dict[tuple[str, str], Act] = {
    ("home", "visit"): Act(_("记一次走访"), forms.VisitForm, "visit.make", _visit, "footprints"),
    ("home", "appointment"): Act(_("约走访"), forms.AppointmentForm, "visit.make", lambda row, data, reach: Visit.objects.plan(row, by=reach, **data), "calendar"),
    ("home", "preferences"): Act(_("偏好与须知"), forms.PreferencesForm, EDIT, lambda row, data, reach: row.keep_preferences(by=reach, **data), "heart"),
    ("home", "tier"): Act(_("调整分层"), forms.TierForm, "household.tier", lambda row, data, reach: Tiering.objects.decide(row, by=reach, **data), "layers"),
    ("home", "key"): Act(_("列为重点客户"), forms.KeyForm, "household.tier", lambda row, data, reach: KeyCustomer.objects.put_down(row, by=reach, **data), "star"),
    ("home", "movement"): Act(_("报告客户动态"), forms.MovementForm, "visit.make", lambda row, data, reach: Movement.objects.note(row, by=reach, **data), "megaphone"),
    ("home", "member"): Act(_("添加成员"), forms.NewMemberForm, EDIT, lambda row, data, reach: Member.objects.join(row, by=reach, **data), "user-plus"),
    ("home", "need"): Act(_("登记特殊需要"), forms.NeedForm, EDIT, _need, "accessibility"),
    ("home", "pet"): Act(_("登记宠物"), forms.PetForm, EDIT, lambda row, data, reach: Pet(estate=reach.estate, household=row, **data).keep(by=reach), "dog"),
    ("home", "vehicle"): Act(_("登记车辆"), forms.VehicleForm, EDIT, lambda row, data, reach: Vehicle.objects.keep(row, by=reach, **data), "car"),
    ("home", "document"): Act(_("存入资料"), forms.DocumentForm, EDIT, lambda row, data, reach: HouseholdDocument.objects.keep(row, by=reach, **data), "paperclip"),
    ("member", "keep"): Act(_("改成员资料"), forms.MemberForm, EDIT, lambda row, data, reach: row.keep(by=reach, **data), "pencil"),
    ("member", "phone"): Act(_("变更手机号"), forms.PhoneForm, EDIT, lambda row, data, reach: row.change_phone(by=reach, **data), "phone"),
    ("member", "consent"): Act(_("登记同意"), forms.ConsentForm, EDIT, lambda row, data, reach: Consent.objects.give(row, by=reach, **data), "shield-check"),
    ("member", "leaving"): Act(_("登记搬离"), forms.EmptyForm, EDIT, lambda row, data, reach: row.leave(by=reach), "door-open", "danger"),
    ("member", "export"): Act(_("导出本人信息"), forms.EmptyForm, "household.export", _export, "file-down"),
    ("member", "erasure"): Act(_("清除个人信息"), forms.WhyForm, "household.erase", _erase, "trash-2", "danger"),
    ("member", "merger"): Act(_("合并重复的成员"), forms.MergeForm, EDIT, lambda row, data, reach: row.absorb(data["twin"], by=reach), "git-merge"),
    ("consent", "withdrawal"): Act(_("撤回同意"), forms.EmptyForm, EDIT, lambda row, data, reach: row.withdraw(by=reach), "undo-2", "danger"),
    ("need", "ending"): Act(_("结束这项需要"), forms.EmptyForm, EDIT, lambda row, data, reach: row.end(by=reach), "check", "danger"),
    ("pet", "leaving"): Act(_("宠物已不在"), forms.EmptyForm, EDIT, lambda row, data, reach: row.leave(by=reach), "check", "danger"),
    ("vehicle", "removal"): Act(_("移除车辆"), forms.EmptyForm, EDIT, lambda row, data, reach: row.remove(by=reach), "trash-2", "danger"),
    ("document", "removal"): Act(_("移除资料"), forms.EmptyForm, EDIT, lambda row, data, reach: row.remove(by=reach), "trash-2", "danger"),
    ("tiering", "return"): Act(_("交还规则分层"), forms.EmptyForm, "household.tier", lambda row, data, reach: row.give_back(by=reach), "undo-2"),
    ("key", "care"): Act(_("记一次维护"), forms.CareActForm, "visit.make", lambda row, data, reach: row.act(by=reach, **data), "heart"),
    ("key", "end"): Act(_("移出重点客户"), forms.WhyForm, "household.tier", lambda row, data, reach: row.end(data["why"], by=reach), "x", "danger"),
    ("movement", "feedback"): Act(_("反馈客户动态"), forms.FeedbackForm, "visit.make", lambda row, data, reach: row.answer(by=reach, **data), "reply"),
    ("promise", "result"): Act(_("办结承诺"), forms.ResultForm, "visit.make", lambda row, data, reach: row.fulfil(by=reach, **data), "check"),
    ("visit", "record"): Act(_("记录走访"), forms.VisitForm, "visit.make", _record, "footprints"),
    ("visit", "calling_off"): Act(_("取消走访"), forms.WhyForm, "visit.make", lambda row, data, reach: row.call_off(by=reach, **data), "x", "danger"),
}  # fmt: skip


def row_of(kind: str, pk: int, reach: Any) -> Any:
    """A row of a household within reach, or None."""
    from .reach import within

    if kind not in MODELS:
        return None
    if kind == "home":
        return within(reach).filter(pk=pk).first()
    rows, home = MODELS[kind].objects.at_estate(reach.estate), "member__household" if kind == "consent" else "household"
    return rows.filter(pk=pk, **{f"{home}__in": within(reach)}).select_related(home, f"{home}__estate").first()


def household_of(row: Any) -> Household:
    if isinstance(row, Household):
        return row
    return row.member.household if isinstance(row, Consent) else row.household
