"""`bin/guanjia token PERSON [--json]`: a bearer token for the API."""

from __future__ import annotations

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from guanjia.people import tokens
from guanjia.people.models import Person
from guanjia.tenancy.errors import Refused


class Command(BaseCommand):
    help = "Issue a bearer token for the API; it is shown once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("person", help="username, for example steward1")
        parser.add_argument("--name", default="bin/guanjia token", help="what it is for")
        parser.add_argument("--days", type=int, default=30)
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        person = Person.objects.filter(username=options["person"]).first()
        try:
            if person is None:
                raise Refused(f"nobody signs in as {options['person']}", code="unknown_person")
            clear = tokens.issue(person, options["name"], options["days"])
        except Refused as refused:
            self.stdout.write(json.dumps({"error": str(refused), "code": refused.code})) if options[
                "json"
            ] else self.stderr.write(str(refused))
            sys.exit(1)
        self.stdout.write(json.dumps({"token": clear}) if options["json"] else clear)
