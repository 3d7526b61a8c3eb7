"""STF-40: while a private butler is at work the steward calls every hour, and notes it as a record."""

from __future__ import annotations

import itertools
from datetime import timedelta

import pytest

from guanjia import clock
from guanjia.duties.generation import generate
from guanjia.duties.models import Task
from guanjia.rulebooks.models import Parameter
from tests.cast import post

pytestmark = pytest.mark.django_db


def test_every_private_butler_is_called_every_hour(cast):
    now = clock.now()
    Parameter.objects.set("book.posts.adopted", True, by=None, reason="试用", company=cast.company, at=now - timedelta(days=3))
    post(cast.sunny, cast.wu, "private_butler", cast.east)
    generate(now, cast.sunny)
    rows = Task.objects.filter(key="stf_hourly_contact", day=clock.today(cast.sunny, now + timedelta(days=1)))
    times = sorted(row.opens_at for row in rows)
    assert len(times) >= 8 and {b - a for a, b in itertools.pairwise(times)} == {timedelta(hours=1)}
    assert {(row.subject_kind, row.subject_id, row.person_id) for row in rows} == {("person", cast.wu.pk, cast.ming.pk)}
