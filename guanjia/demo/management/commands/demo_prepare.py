"""What `bin/demo` needs before the first page: tables, words, the estate, logins; history then fills as a job."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection

from guanjia.demo import staff, workbook
from guanjia.demo.places import places
from guanjia.demo.quality import quality_people
from guanjia.demo.rules import keep_rules
from guanjia.demo.staffing import staffing
from guanjia.estates.models import Building, Company, Estate
from guanjia.importing.importer import import_workbook
from guanjia.jobs.models import Job
from guanjia.operations.words import compile_catalogues
from guanjia.people.models import Person
from guanjia.tenancy.scope import estate_scope


class Command(BaseCommand):
    help = "Prepare the demo estate; harmless when run again. The last line is JSON."

    def handle(self, *args: Any, **options: Any) -> None:
        compile_catalogues()
        call_command("migrate", verbosity=0, interactive=False)
        with connection.cursor() as cursor:
            cursor.execute("SET ROLE guanjia_app")
        estate = self.estate()
        staff.people(estate)
        places(estate)
        staffing(estate)
        with estate_scope(estate):
            quality_people(estate)
        known = staff.residents(estate)
        keep_rules(estate)
        Job.objects.ask("demo_history", estate=estate, key="ninety days")
        first = known[0] if known else Person.objects.filter(username="resident1").first()
        self.stdout.write(json.dumps({"estate": estate.code, "logins": staff.logins(estate, first)}, ensure_ascii=False))

    def estate(self) -> Estate:
        """The estate of the demo's own workbook, brought in by the importer that everybody uses."""
        company, _new = Company.objects.get_or_create(code="linan", defaults={"name": "邻安物业"})
        estate, _new = Estate.objects.get_or_create(
            code="demo", defaults={"company": company, "name": "阳光花园", "hotline": "028-8000 0000", "address": "成都市示范路 1 号"}
        )
        with estate_scope(estate):
            if Building.objects.at_estate(estate).exists():
                return estate
        with tempfile.TemporaryDirectory() as folder:
            import_workbook(workbook.write(Path(folder) / "demo.xlsx"), estate)
        return estate
