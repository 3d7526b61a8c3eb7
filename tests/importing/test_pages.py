"""Upload, preview, confirm (issue 2, point 2)."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from guanjia.estates.models import Unit
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.importing.work import KIND, work
from guanjia.jobs.models import Job
from guanjia.tenancy.scope import estate_scope

from . import books


@pytest.fixture
def desk(cast, client, settings, tmp_path):
    """The project manager at the import page; the jobs' files in a folder of the test."""
    settings.MEDIA_ROOT = tmp_path / "media"
    client.force_login(cast.qian)
    return client


def address(name, *words):
    return reverse(f"importing:{name}", args=["sunny", *words])


def upload(client, content, name="业主台账.xlsx", key="k1"):
    return client.post(address("imports"), {"file": SimpleUploadedFile(name, content), "key": key})


def run(job):
    """What the worker does, on the test's own connection."""
    job.refresh_from_db()
    result = work(job, lambda *_words: None)
    job.finish(result, job.asked_at, result.pop("state"))


@pytest.fixture
def content(tmp_path):
    path = books.five(
        tmp_path / "a.xlsx",
        buildings=[{"building": 9, "entrance": 1, "floors": 6, "lift": "无"}],
        owners=[books.person(901)],
        rooms=[books.room(501, 901, 9), books.room(502, 901, 9, area="x")],
    )
    return path.read_bytes()


def test_upload_preview_confirm(desk, cast, content):
    """Issue 2 point 2: nothing is written before the yes; then it is, and told as an event."""
    answer = upload(desk, content)
    job = Job.objects.get(kind=KIND)
    assert answer.status_code == 302 and answer.url == address("show", job.pk)
    assert "正在预览" in desk.get(answer.url).content.decode()
    run(job)
    page = desk.get(answer.url).content.decode()
    assert "确认导入" in page and "建筑面积" in page and "不是数字" in page
    assert not Unit.objects.filter(building__number="9").exists()
    for _double in range(2):
        assert desk.post(address("confirm", job.pk)).status_code == 302
    run(job)
    page = desk.get(answer.url).content.decode()
    assert "导入完成" in page and "确认导入" not in page
    assert Unit.objects.filter(building__number="9").count() == 1
    events = list(Event.objects.filter(subject_type="estate").order_by("id"))
    assert [event.action for event in events] == [Action.IMPORT_PREVIEWED, Action.IMPORT_DONE] and events[
        1
    ].actor_id == cast.qian.pk
    assert "业主台账.xlsx" in desk.get(address("imports")).content.decode()
    refused = desk.get(reverse("jobs:result", args=["sunny", job.pk]))
    assert refused.status_code == 200 and b"".join(refused.streaming_content).startswith(b"PK")


def test_a_double_upload_is_one_job(desk, content):
    """Habit 9: a double submit is harmless."""
    assert upload(desk, content).url == upload(desk, content).url
    assert Job.objects.filter(kind=KIND).count() == 1


def test_what_is_no_file_is_said_beside_the_field(desk, settings):
    """Habit 9: 422 with the form, the words beside the field."""
    assert upload(desk, b"").status_code == 422
    settings.IMPORT_MOST_BYTES = 10
    answer = upload(desk, b"x" * 100)
    assert answer.status_code == 422 and "太大" in answer.content.decode()


def test_the_templates(desk):
    """Issue 2 point 2: our own template can be downloaded."""
    for kind in ("five", "one"):
        answer = desk.get(address("template", kind))
        assert (
            answer.status_code == 200
            and answer.content.startswith(b"PK")
            and "attachment" in answer["Content-Disposition"]
        )
    assert desk.get(address("template", "other")).status_code == 404


@pytest.mark.parametrize("who", ["ming", "zhou", "he", "mei", "stranger"])
def test_only_who_may_import_finds_the_pages(desk, cast, client, content, who):
    """Issue 2 point 9: others find nothing, neither pages nor files."""
    upload(desk, content)
    job = Job.objects.get(kind=KIND)
    client.force_login(getattr(cast, who))
    for url in (
        address("imports"),
        address("show", job.pk),
        address("template", "five"),
        reverse("jobs:job", args=["sunny", job.pk]),
        reverse("jobs:result", args=["sunny", job.pk]),
    ):
        assert client.get(url).status_code == 404, url
    assert client.post(address("confirm", job.pk)).status_code == 404


def test_another_estates_job_is_not_found(desk, cast, content):
    """Issue 2 point 9: a job belongs to its estate."""
    with estate_scope(cast.lake):
        other = Job.objects.create(estate=cast.lake, kind=KIND, asked_at="2026-03-10T02:00Z")
    assert desk.get(address("show", other.pk)).status_code == 404
