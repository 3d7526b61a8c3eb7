"""`import FILE --estate E [--dry-run] [--json] [--refused OUT.xlsx]` (design §4). Exit 0 done, 1 refused, 2 usage."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandParser
from django.core.validators import validate_slug
from django.db import transaction
from django.utils.translation import gettext as _

from guanjia.estates.models import Company, Estate
from guanjia.importing.importer import NOUNS, Outcome, import_workbook
from guanjia.importing.mending import write_refused
from guanjia.tenancy.errors import Refused

WIDTH = 30  # of the bar, in characters
SHOWN = 10  # refusals listed on a terminal


class _Undo(Exception):
    """A dry run leaves no new estate behind."""


class Command(BaseCommand):
    help = "Import an estate from a workbook; a new estate is created."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--estate", required=True, help="code of the estate; created when new")
        parser.add_argument("--name", default="", help="name of a new estate")
        parser.add_argument("--company", default="default", help="code of a new estate's company")
        parser.add_argument("--dry-run", action="store_true", help="show what would happen, change nothing")
        parser.add_argument("--json", action="store_true", help="print the outcome for machines")
        parser.add_argument("--refused", type=Path, help="write the refused rows to this .xlsx")

    def handle(self, *args: Any, **options: Any) -> None:
        self.quiet = options["json"] or not sys.stderr.isatty()
        if usage := _usage(options):
            self._stop(options, usage, "usage", 2)
        try:
            outcome = self._run(options)
        except Refused as refused:
            self._stop(options, str(refused), refused.code, 1)
        if options["refused"] and outcome.log.refusals:
            write_refused(options["file"], options["refused"], outcome.log)
        if options["json"]:
            self.stdout.write(json.dumps(outcome.as_json(), ensure_ascii=False))
        else:
            self._summary(outcome, options)

    def _run(self, options: dict[str, Any]) -> Outcome:
        outcome: Outcome | None = None
        try:
            with transaction.atomic():
                company, _made = Company.objects.get_or_create(
                    code=options["company"], defaults={"name": _("默认物业公司")}
                )
                names = {"company": company, "name": options["name"] or options["estate"]}
                estate, _made = Estate.objects.get_or_create(code=options["estate"], defaults=names)
                outcome = import_workbook(options["file"], estate, dry=options["dry_run"], progress=self._bar)
                if options["dry_run"]:
                    raise _Undo
        except _Undo:
            pass
        assert outcome is not None
        return outcome

    def _bar(self, percent: int, step: str) -> None:
        if self.quiet:
            return
        full = WIDTH * percent // 100
        self.stderr.write(
            f"\r{'█' * full}{'·' * (WIDTH - full)} {percent:3d}% {step}　　", ending="\n" if percent >= 100 else ""
        )
        self.stderr.flush()

    def _summary(self, outcome: Outcome, options: dict[str, Any]) -> None:
        words = {
            "building": _("楼栋"),
            "entrance": _("单元"),
            "unit": _("房屋"),
            "person": _("人员"),
            "fee": _("费用"),
            "parking": _("车位"),
        }
        self.stdout.write(_("试运行，没有写入：") if options["dry_run"] else _("已导入："))
        for noun in NOUNS:
            tally = outcome.tallies[noun]
            counts = {"created": tally.created, "changed": tally.changed, "unchanged": tally.unchanged}
            self.stdout.write(
                f"  {words[noun]}　" + _("新增 %(created)d，修改 %(changed)d，不变 %(unchanged)d") % counts
            )
        self.stdout.write(_("拒收 %(rows)d 行") % {"rows": outcome.log.refused_rows})
        for refusal in outcome.log.refusals[:SHOWN]:
            place = _("%(sheet)s 第 %(row)d 行「%(column)s」%(value)s") % refusal.as_json()
            self.stdout.write(f"  {place}：{refusal.reason}")
        if len(outcome.log.refusals) > SHOWN:
            self.stdout.write(
                _("  ……共 %(count)d 处，加 --refused 文件.xlsx 可得到全部。") % {"count": len(outcome.log.refusals)}
            )

    def _stop(self, options: dict[str, Any], sentence: str, code: str, status: int) -> None:
        if options["json"]:
            self.stdout.write(json.dumps({"error": sentence, "code": code}, ensure_ascii=False))
        self.stderr.write(sentence)
        sys.exit(status)


def _usage(options: dict[str, Any]) -> str:
    """What is wrong with the words of the command, or nothing."""
    try:
        validate_slug(options["estate"])
        validate_slug(options["company"])
    except ValidationError:
        return _("小区代码只能用字母、数字、- 和 _。")
    if not options["file"].is_file():
        return _("没有这个文件：%(file)s") % {"file": options["file"]}
    if options["refused"] and options["refused"].suffix.lower() != ".xlsx":
        return _("--refused 要写成 .xlsx 文件。")
    if options["refused"] and not options["refused"].parent.is_dir():
        return _("没有这个文件夹：%(folder)s") % {"folder": options["refused"].parent}
    return ""
