"""What happens on a site: progress told, breaches with re-check and letter, acceptance (MOV-06, MOV-08, MOV-09, MOV-13)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.files.base import ContentFile
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, PersonKey
from guanjia.tenancy.pictures import cleaned
from guanjia.tenancy.verbs import verb

from .permit import Permit

if TYPE_CHECKING:
    from datetime import datetime


class Progress(EstateOwned):
    noun = "decoration_progress"
    permit = EstateForeignKey(Permit, models.CASCADE, related_name="progresses")
    words = models.CharField(max_length=300)
    household = models.BooleanField()  # whether the household was told
    neighbours = models.PositiveSmallIntegerField()  # how many households
    by = PersonKey()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["estate", "permit", "-at"], name="progress_of")]

    def __str__(self) -> str:
        return self.words[:40]


class Violation(EstateOwned):
    """A breach: stopped at once; mended and re-checked by another look, or reported to the authority."""

    class Kind(models.TextChoices):
        STRUCTURE = "structure", gettext_lazy("拆改承重结构或外立面")
        FIRE = "fire", gettext_lazy("违规动火、占用消防设施")
        GAS = "gas", gettext_lazy("私改燃气")
        HOURS = "hours", gettext_lazy("超时施工扰民")
        WASTE = "waste", gettext_lazy("垃圾乱堆、损坏公共部位")
        PERMIT = "permit", gettext_lazy("人员无证、超出许可内容")

    noun = "violation"
    permit = EstateForeignKey(Permit, models.CASCADE, related_name="violations")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    words = models.CharField(max_length=500)
    photo = models.FileField(upload_to="decoration/", blank=True)
    by = PersonKey()
    at = models.DateTimeField()
    letter_at = models.DateTimeField(null=True)
    letter_to = models.CharField(max_length=80, blank=True)
    letter_by = PersonKey(null=True)
    mended_at = models.DateTimeField(null=True)
    mended_by = PersonKey(null=True)
    mended_words = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["estate", "permit", "-at"], name="violation_of")]
        constraints = [models.CheckConstraint(condition=Q(mended_at__isnull=True) | Q(mended_by__isnull=False), name="violation_mended_by")]

    def __str__(self) -> str:
        return self.words[:40]

    def keep(self, photo: Any) -> None:
        if photo:
            picture = cleaned(photo)
            self.photo.save(f"{self.estate_id}-{self.permit_id}-{picture.digest[:16]}.{picture.suffix}", ContentFile(picture.file.read()), save=False)
        self.save(force_insert=True)

    @verb
    def report(self, authority: str, *, by: Any, at: datetime | None = None) -> None:
        """Refused to stop or mend: a letter to the authority; its paper is printed from this row (MOV-08)."""
        at = at or clock.now()
        by.must("decoration.take")
        if len(authority.strip()) < 2:
            raise Refused(_("请写报送的执法部门。"), code="authority_missing")
        rows = type(self).objects.filter(estate=self.estate_id, pk=self.pk, mended_at__isnull=True, letter_at__isnull=True)
        if not rows.update(letter_at=at, letter_to=authority.strip()[:80], letter_by=by.person_id):
            raise Refused(_("已经报送或已经整改。"), code="already_done")
        self.refresh_from_db()
        self.permit.tell(Action.DECORATION_REPORTED, by=by, at=at, authority=self.letter_to)

    @verb
    def mend(self, words: str, *, by: Any, at: datetime | None = None) -> None:
        """The re-check found it mended; with the last one the works go on."""
        at = at or clock.now()
        by.must("decoration.inspect")
        self.permit._hold("stopped")
        if len(words.strip()) < 2:
            raise Refused(_("请写复查情况。"), code="words_missing")
        rows = type(self).objects.filter(estate=self.estate_id, pk=self.pk, mended_at__isnull=True)
        if not rows.update(mended_at=at, mended_by=by.person_id, mended_words=words.strip()[:300]):
            raise Refused(_("已经复查过。"), code="already_done")
        self.refresh_from_db()
        if not self.permit.violations.filter(mended_at__isnull=True).exists():
            self.permit.stage = "working"
            self.permit.save(update_fields=["stage"])
            self.permit.tell(Action.DECORATION_RESUMED, by=by, at=at, words=self.mended_words)


class Acceptance(EstateOwned):
    """One look at the finished works: every point good or bad; bad points send it back (MOV-09)."""

    noun = "decoration_acceptance"
    permit = EstateForeignKey(Permit, models.CASCADE, related_name="acceptances")
    points = models.JSONField()  # {point: ok | bad}
    words = models.CharField(max_length=500, blank=True)
    passed = models.BooleanField()
    by = PersonKey()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["estate", "permit", "-at"], name="acceptance_of")]

    def __str__(self) -> str:
        return f"{self.passed}"
