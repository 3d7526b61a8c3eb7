"""今日: many equal tasks of one duty are one line that opens; late ones never hide in it."""

from __future__ import annotations

import pytest
from django.urls import reverse

from guanjia import clock
from guanjia.duties.agenda import Fold, Tasks
from tests.duties import doing

pytestmark = pytest.mark.django_db


def shown(cast):
    return Tasks().pressing(cast.as_("ming"), "mine", clock.now(), 60)


def test_three_equal_tasks_are_one_line(cast):
    for n in range(3):
        doing.task(cast, due=240 + n, slot=f"2026-03-10T0{n}:00")
    (one,) = shown(cast)
    assert isinstance(one.line, Fold) and len(one.line.entries) == 3
    assert one.due_at == one.line.entries[0].due_at


def test_two_are_two_and_a_late_one_stands_alone(cast):
    late = doing.task(cast, opens=-300, due=-5, slot="2026-03-10T00:00")
    for n in (1, 2):
        doing.task(cast, due=240 + n, slot=f"2026-03-10T0{n}:00")
    found = shown(cast)
    assert len(found) == 3 and found[0].line.task == late


def test_the_page_draws_the_fold_with_its_tasks(cast, client):
    tasks = [doing.task(cast, due=240 + n, slot=f"2026-03-10T0{n}:00") for n in range(3)]
    client.force_login(cast.ming)
    page = client.get(reverse("tickets:today", args=[cast.sunny.code])).content.decode()
    assert "3 处" in page and 'class="fold-rows"' in page
    assert all(reverse("duties:task", args=[cast.sunny.code, task.pk]) in page for task in tasks)
