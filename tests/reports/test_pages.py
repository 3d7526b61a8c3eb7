"""制度执行 on its pages: what everybody sees of it, and what residents see of their building (issue 3 §7)."""

from __future__ import annotations

import io
from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from guanjia.duties.models import Record, Suspicion
from guanjia.people.models import Person
from guanjia.tickets.models import Ticket
from tests.cast import TUESDAY

from .conftest import lay, task


def fill(cast):
    duty = lay(cast, "hse_core_care")
    task(cast, duty, 2, done=-1, person=cast.ming)
    task(cast, duty, 1, person=cast.fang, subject_id=1)
    Ticket.objects.report(by=cast.as_("mei"), estate=cast.sunny, words="厨房漏水", unit=cast.home, household_id=cast.meis.pk, at=TUESDAY - timedelta(hours=2))


def test_one_page_proves_every_clause(client, kept_house):
    """Status in words, counts, who; filters; twelve queries for all of it beyond who is asking."""
    cast = kept_house
    fill(cast)
    client.force_login(cast.zhao)
    client.get("/e/sunny/proof/")
    with CaptureQueriesContext(connection, ) as seen:
        page = client.get("/e/sunny/proof/").content.decode()
    ours = [query["sql"] for query in seen if any(word in query["sql"] for word in ("duties_", "clocks_", "events_event", "rulebooks_", "asked", "estates_zone"))]
    assert len(ours) <= 12, len(ours)
    assert "HSE-05" in page and "王芳 1" in page and "违反" in page and "无证据" in page
    narrowed = client.get("/e/sunny/proof/?status=breached&book=plan&role=steward&period=7").content.decode()
    assert "HSE-05" in narrowed and "EST-01" not in narrowed
    assert "没有符合条件" in client.get("/e/sunny/proof/?book=nowhere").content.decode()
    assert client.get("/e/sunny/proof/?zone=x&period=y&status=z").status_code == 200


def test_the_same_as_a_file(client, kept_house):
    cast = kept_house
    fill(cast)
    client.force_login(cast.qian)
    answer = client.get("/e/sunny/proof/export/?book=plan")
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content))).get_sheet_by_index(0).to_python()
    row = next(row for row in sheet if row[1] == "HSE-05")
    assert row[3:7] == ["违反", 2.0, 1.0, 1.0] and "王芳 1" in row[7]


def test_a_clause_shows_its_evidence(client, kept_house):
    """Wording, what proves it, its settings, its people and the records behind its figures."""
    cast = kept_house
    fill(cast)
    client.force_login(cast.zhao)
    page = client.get("/e/sunny/proof/clauses/HSE-05/").content.decode()
    assert "004 一1d" in page and "李明" in page and "王芳" in page and "/tasks/" in page
    page = client.get("/e/sunny/proof/clauses/REQ-04/").content.decode()
    assert "厨房漏水" in page and "10 分钟" in page
    assert client.get("/e/sunny/proof/clauses/NO-99/").status_code == 404


def test_everybody_reads_their_own_clauses(client, kept_house):
    """A steward sees what he is answerable for and how he stands, nobody else's; a repairer too; a resident none."""
    cast = kept_house
    fill(cast)
    client.force_login(cast.ming)
    assert client.get("/e/sunny/proof/").status_code == 404
    page = client.get("/e/sunny/proof/mine/").content.decode()
    assert "HSE-05" in page and "王芳" not in page
    assert page.index("要留意") < page.index("做到和未到期")  # trouble first, what is well folded below
    assert "王芳" not in client.get("/e/sunny/proof/clauses/HSE-05/").content.decode()
    client.force_login(cast.zhou)
    assert client.get("/e/sunny/proof/mine/").status_code == 200
    client.force_login(cast.mei)
    assert client.get("/e/sunny/proof/mine/").status_code == 404


def test_a_steward_has_no_clause_of_the_books_of_account(client, kept_house):
    """Limits and checks of homes are the steward's; that charges have their kind (FEE-02) or posts a line (STF-02) is not."""
    client.force_login(kept_house.zhao)
    page = client.get("/e/sunny/proof/?role=steward&period=all").content.decode()
    assert "EST-01" in page and "REQ-04" in page and "/clauses/FEE-02/" not in page


def test_a_namesake_reads_nothing_of_another(client, kept_house):
    """Somebody's own records are told by who they are, not by what they are called, however many others there are."""
    cast = kept_house
    duty = lay(cast, "hse_core_care")
    own = task(cast, duty, 30, person=cast.ming)
    others = [task(cast, duty, day, person=cast.fang, subject_id=day) for day in range(1, 25)]
    Person.objects.filter(pk=cast.fang.pk).update(name=cast.ming.name)
    client.force_login(cast.ming)
    page = client.get("/e/sunny/proof/clauses/HSE-05/?period=all").content.decode()
    assert f"/tasks/{own.pk}/" in page and not any(f"/tasks/{other.pk}/" in page for other in others)


def test_a_record_found_untrue_stands_among_what_was_not_kept(client, kept_house):
    """What a clause's page lists is what it counts: an untrue record, and nothing of before the adoption."""
    cast = kept_house
    duty = lay(cast, "hse_core_care")
    done, early = task(cast, duty, 3, done=-1, person=cast.ming), task(cast, duty, 70, person=cast.ming)
    record = Record.objects.create(estate=cast.sunny, task=done, form="note", by=cast.ming, done_at=done.done_at, received_at=done.done_at, client_id="0" * 32)
    Suspicion.objects.create(estate=cast.sunny, record=record, why="far", judged_at=TUESDAY, stands=True)
    client.force_login(cast.zhao)
    page = client.get("/e/sunny/proof/clauses/HSE-05/?period=90").content.decode()
    assert f"/tasks/{done.pk}/" in page.partition('id="breached"')[2] and f"/tasks/{early.pk}/" not in page


def test_residents_see_what_was_done_in_their_building(client, kept_house):
    """Counts of this week in their own building alone; no name of anybody."""
    cast = kept_house
    duty = lay(cast, "cln_stairs", rows=["CLN-01"], role="cleaner")
    task(cast, duty, 1, done=-1, person=cast.wu, building=cast.b3)
    task(cast, duty, 1, done=-1, person=cast.wu, building=cast.b5, subject_id=2)
    task(cast, duty, 9, done=-1, person=cast.wu, building=cast.b3, subject_id=3)
    task(cast, lay(cast, "com_standup", form="meeting"), 1, done=-1, person=cast.ming)  # the staff's own meetings are no work on a building
    client.force_login(cast.mei)
    page = client.get("/e/sunny/building/").content.decode()
    assert "3栋" in page and "保洁" in page and "检查" not in page
    assert not [name for name in Person.objects.exclude(pk=cast.mei.pk).values_list("name", flat=True) if name in page]
    assert '<span class="big num">1<small class="quiet"> / 1</small></span>' in page
    other = client.get(f"/e/sunny/building/?building={cast.b5.pk}").content.decode()
    assert "5栋" not in other
