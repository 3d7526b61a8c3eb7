"""Prove that the house stands as it should. (`django check` stays reachable as `manage.py check --deploy` does: --django.)"""

from __future__ import annotations

from typing import Any

from django.core.management import call_command

from guanjia.operations.answer import HouseCommand, estate_named
from guanjia.operations.check import findings


class Command(HouseCommand):
    help = "Find what is not as it should be: row security, privileges, units nobody answers for, forgotten tickets."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--estate", help="only this estate (its code)")
        parser.add_argument("--django", action="store_true", help="run Django's own checks as well")

    def answer(self, *, estate: Any, django: bool, **options: Any) -> dict[str, Any]:
        if django:
            from django.core.management.commands.check import Command as Django

            call_command(Django())
        found = findings(estate_named(estate))
        return {"ok": not found, "findings": found}

    def tell(self, value: dict[str, Any]) -> None:
        for finding in value["findings"]:
            self.stdout.write(f"✗ {finding['check']}: {finding['subject']} — {finding['detail']}")
        self.stdout.write("✓ 一切正常 / all is well" if value["ok"] else f"{len(value['findings'])} 项需要处理")

    def refuses(self, value: dict[str, Any]) -> bool:
        return not value["ok"]
