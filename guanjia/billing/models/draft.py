"""起草与会签: supplementary finance rules drafted by finance, contracts and important papers that finance joins (FIN-05, FIN-11).

Nothing here is in force before a superior, who is not of finance, has approved it. What a rule sets is put in force by
that approval and by nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.people.models import Post
from guanjia.rulebooks.parameters import entry_of
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, EstateQuerySet, PersonKey
from guanjia.tenancy.scope import estate_scope

from .approving import Approvable

if TYPE_CHECKING:
    from datetime import date, datetime
    from decimal import Decimal

AREAS = ("billing", "budget", "cash", "collection", "discount", "dues", "fee", "fund", "late", "letter")  # what finance rules set
MOST_WORDS = 20_000
FINANCE_ROLES = ("finance_lead", "cashier")


class DraftQuerySet(EstateQuerySet["Draft"]):
    def visible_to(self, reach: Any) -> DraftQuerySet:
        """Those who write, join or judge see all of the estate; nobody else any."""
        may = any(map(reach.may, ("draft.write", "draft.finance", "draft.judge")))
        return self.at_estate(reach.estate) if may and reach.sees == "estate" else self.none()

    def write(
        self, estate: Any, kind: str, title: str, words: str, *, by: Any, starts_on: date | None = None, settings: list[tuple[str, str]] | None = None,
        party: str = "", amount: Decimal | None = None, supplier: Any = None, at: datetime | None = None,
    ) -> Draft:  # fmt: skip
        """A rule is finance's to draft; whoever else drafts a contract or paper has finance told that it is to join."""
        by.must("draft.finance" if kind == Draft.Kind.RULE else "draft.write")
        at = at or clock.now()
        with estate_scope(estate):
            made = self.model(estate=estate, kind=kind, author_id=by.person_id, drafted_at=at, finance=by.may("draft.finance"))
            made.say(title, words, starts_on, settings or [], party, amount, supplier)
            made.save(force_insert=True)
            told = [] if made.finance else finance_people(estate, at)
            Event.objects.record(Action.DRAFT_WRITTEN, made, by=by, at=at, title=made.title, kind=str(made.get_kind_display()), worker_ids=told)
            return made


class Draft(Approvable, EstateOwned):
    """One text with its revisions counted; opinions name the revision they are of."""

    class Kind(models.TextChoices):
        RULE = "rule", _("财务补充规定")
        CONTRACT = "contract", _("经济合同")
        PAPER = "paper", _("重要文件")

    class State(models.TextChoices):
        DRAFTED = "drafted", _("起草中")
        ASKED = "asked", _("待批准")
        APPROVED = "approved", _("已批准")
        REFUSED = "refused", _("未批准")
        WITHDRAWN = "withdrawn", _("已撤回")

    noun = "draft"
    kind = models.CharField(max_length=10, choices=Kind.choices)
    title = models.CharField(_("标题"), max_length=80)
    words = models.TextField()
    starts_on = models.DateField(null=True)  # in force from; none: from the approval on
    settings = models.JSONField(default=list)  # [[parameter, value]]: what a rule sets
    put = models.JSONField(default=list)  # ids of the Parameters that the approval wrote
    party = models.CharField(max_length=80, blank=True)  # the other side of a contract
    amount = models.DecimalField(max_digits=14, decimal_places=2, null=True)  # yuan, of a contract
    supplier = EstateForeignKey("services.Supplier", models.PROTECT, null=True, related_name="drafts")
    revision = models.PositiveSmallIntegerField(default=1)
    finance = models.BooleanField(default=False)  # drafted by finance itself
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFTED)
    author = PersonKey()
    drafted_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True)
    judge = PersonKey(null=True)
    judged_at = models.DateTimeField(null=True)
    verdict = models.CharField(max_length=200, blank=True)

    objects = DraftQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(kind="rule") | Q(finance=True), name="draft_rule_by_finance"),
            models.CheckConstraint(condition=~Q(state="approved") | Q(judge__isnull=False), name="draft_judged"),
            models.CheckConstraint(condition=~Q(judge=models.F("author")), name="draft_two_persons"),
        ]
        indexes = [models.Index(fields=["estate", "-drafted_at"], name="draft_recent")]

    def __str__(self) -> str:
        return self.title

    def say(
        self, title: str, words: str, starts_on: date | None, settings: list[tuple[str, str]], party: str, amount: Decimal | None, supplier: Any
    ) -> None:
        """Take over what was written; Refused where a setting is no finance rule's or its value cannot be."""
        if not title.strip() or not words.strip():
            raise Refused(_t("请写标题和正文。"), code="words_missing")
        if settings and self.kind != self.Kind.RULE:
            raise Refused(_t("只有财务补充规定可以带参数。"), code="no_settings")
        self.title, self.words, self.starts_on = title.strip()[:80], words.strip()[:MOST_WORDS], starts_on
        self.settings = [[key, _read(key, value, self.estate.company_id)] for key, value in settings]
        self.party, self.amount, self.supplier = party.strip()[:80], amount, supplier


class DraftPart(EstateOwned):
    """Somebody's part in the drafting: agrees with a revision or says what has to change. Added, never changed."""

    draft = EstateForeignKey(Draft, models.PROTECT, related_name="parts")
    revision = models.PositiveSmallIntegerField()
    person = PersonKey()
    finance = models.BooleanField()
    agrees = models.BooleanField()
    words = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["estate", "draft", "revision", "person"], name="draft_part_once")]

    def __str__(self) -> str:
        return f"{self.draft_id} {self.person_id}"


def finance_keys(company_id: int) -> list[str]:
    """The parameters that a finance rule may set."""
    from guanjia.rulebooks.schema import parameters_book

    return [key for key in parameters_book().parameters if key.split(".")[0] in AREAS]


def suppliers(estate: Any) -> Any:
    """Whom a contract may be with; their noun stands above this one."""
    model: Any = Draft._meta.get_field("supplier").related_model
    return model.objects.at_estate(estate)


def finance_people(estate: Any, at: datetime) -> list[int]:
    """Who leads the finance of an estate; its cashiers where nobody does."""
    held = Post.objects.at_estate(estate).held_on(clock.today(estate, at))
    for role in FINANCE_ROLES:
        if found := list(held.filter(role=role).values_list("person_id", flat=True)):
            return found
    return []


def _read(key: str, value: str, company_id: int) -> Any:
    """The value of a setting as its rulebook wants it; Refused with the rulebook's own words."""
    from guanjia.rulebooks.agreeing import slip_of

    if key not in finance_keys(company_id):
        raise Refused(_t("“%(key)s”不是财务规定的参数。") % {"key": key[:80]}, code="no_finance_rule")
    entry, word = entry_of(key, company_id), str(value).strip()
    try:
        wanted: Any = int(word) if entry.type == "count" else word in ("on", "true", "True") if entry.type == "flag" else word
        entry.check_value(wanted)
    except ValueError as slip:
        raise Refused(slip_of(key, word, slip), code="bad_value") from slip
    return wanted
