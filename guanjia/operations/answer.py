"""How a command of the house answers: words for people, JSON for machines; exit 0 done, 1 refused, 2 usage."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from guanjia.estates.models import Estate
from guanjia.tenancy.errors import Refused


class HouseParser(CommandParser):
    def error(self, message: str) -> Any:
        """Usage mistakes leave with 2, as everywhere else."""
        self.print_usage(sys.stderr)
        self.exit(2, f"{message}\n")


class HouseCommand(BaseCommand):
    """`answer(**options)` returns a JSON-ready value; `tell(value)` says it to people."""

    requires_system_checks: Any = []

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        parser = HouseParser(prog=f"guanjia {subcommand}", description=self.help or None)
        parser.add_argument("--json", action="store_true", help="answer in JSON")
        for name in ("--settings", "--pythonpath"):
            parser.add_argument(name, help=self.suppressed())
        for name in ("--traceback", "--no-color", "--force-color"):
            parser.add_argument(name, action="store_true", help=self.suppressed())
        parser.add_argument("-v", "--verbosity", type=int, default=1, help=self.suppressed())
        self.add_arguments(parser)
        return parser

    @staticmethod
    def suppressed() -> str:
        import argparse

        return argparse.SUPPRESS

    def handle(self, *args: Any, **options: Any) -> None:
        as_json = options["json"]
        try:
            value = self.answer(**options)
        except Refused as refused:
            if as_json:
                self.stdout.write(json.dumps({"refused": str(refused), "code": refused.code}, ensure_ascii=False))
            else:
                self.stderr.write(str(refused))
            sys.exit(1)
        if as_json:
            self.stdout.write(json.dumps(value, ensure_ascii=False, default=str))
        else:
            self.tell(value)
        if self.refuses(value):
            sys.exit(1)

    def answer(self, *args: Any, **options: Any) -> Any:
        raise NotImplementedError

    def tell(self, value: Any) -> None:
        for key, words in value.items():
            self.stdout.write(f"{key}: {words}")

    def refuses(self, value: Any) -> bool:
        """Whether the answer itself is a no (findings, refused rows)."""
        return False


def estate_named(code: str | None) -> Estate | None:
    """The estate of a code, None for none; unknown is a usage error."""
    if not code:
        return None
    found = Estate.objects.filter(code=code).first()
    if found is None:
        known = "、".join(Estate.objects.values_list("code", flat=True)[:10])
        raise CommandError(f"没有小区 {code}（现有：{known}）/ no such estate", returncode=2)
    return found


def instant(text: str) -> datetime:
    """An ISO instant with its offset; a naive one has no meaning here."""
    import argparse

    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text}: 不是时间 / not an ISO instant") from None
    if found.tzinfo is None:
        raise argparse.ArgumentTypeError(f"{text}: 缺时区，如 2026-03-10T10:00+08:00 / needs an offset")
    return found
