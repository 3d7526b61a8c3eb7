"""Long work is a row (design decision 10): asked once, run once, found again, taken over."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import OperationalError, connection, transaction
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from guanjia import clock
from guanjia.jobs import registry
from guanjia.jobs.models import SILENT, TRIES, Job
from guanjia.jobs.progress import Progress
from guanjia.jobs.tasks import run
from guanjia.tenancy.errors import Refused
from tests.cast import TUESDAY


@pytest.fixture
def kind(monkeypatch):
    """`kind(work)` registers a kind of work for one test."""
    monkeypatch.setattr(registry, "_kinds", dict(registry._kinds))

    def register(work, name="testing"):
        registry.job_kind(name, "试验")(work)
        return name

    return register


def ask(cast, name="testing", by="qian", **words):
    return Job.objects.ask(name, estate=cast.sunny, by=cast.as_(by), **words)


def test_the_same_key_is_the_same_job(cast, kind):
    """Design decision 10: a double click asks once; another key, or none, is another job."""
    kind(lambda job, progress: {})
    first = ask(cast, key="a", wish=1)
    assert ask(cast, key="a", wish=2) == first and first.arguments == {"wish": 1}
    assert ask(cast, key="b") != first and ask(cast) != ask(cast)
    assert ProcrastinateJob.objects.filter(task_name="jobs.run").count() == 4


def test_it_is_queued_with_its_transaction(cast, kind):
    """Design decision 10: rolled back, neither the row nor the queue knows of it."""
    kind(lambda job, progress: {})
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        ask(cast)
        raise ZeroDivisionError
    assert not Job.objects.exists() and not ProcrastinateJob.objects.exists()


def test_one_runner_takes_it(cast, kind):
    """Issue 2 proof, two workers: the second finds it taken, until the first was silent too long."""
    kind(lambda job, progress: {})
    job, now = ask(cast), TUESDAY
    assert job.start(now) and not job.start(now) and not job.start(now + SILENT - timedelta(seconds=1))
    assert job.start(now + SILENT + timedelta(seconds=1))


def test_a_job_that_kills_its_runners_is_given_up(cast, kind):
    """Issue 2 proof: not for ever."""
    kind(lambda job, progress: {})
    job, now = ask(cast), TUESDAY
    for _try in range(TRIES):
        assert job.start(now)
        now += SILENT * 2
    assert not job.start(now)
    job.refresh_from_db()
    assert job.state == Job.State.FAILED and job.error


def test_a_yes_is_asked_for_and_given_once(cast, kind):
    """Issue 2 point 2: preview, then on; a second yes changes nothing."""
    kind(lambda job, progress: {})
    job = ask(cast)
    job.finish({"seen": 1}, TUESDAY, Job.State.ASKING)
    job.agree(by=cast.as_("qian"), confirmed=True)
    job.refresh_from_db()
    assert job.state == Job.State.WAITING and job.arguments["confirmed"] is True
    with pytest.raises(Refused):
        job.agree(by=cast.as_("qian"), confirmed=True)
    job.cancel(by=cast.as_("qian"))
    with pytest.raises(Refused):
        job.cancel(by=cast.as_("qian"))


def test_the_page_shows_the_bar_and_finds_it_again(cast, kind, client):
    """Design decision 10: after a reload the same job, with its count; an error in words."""
    kind(lambda job, progress: {})
    job = ask(cast)
    Job.objects.filter(pk=job.pk).update(state=Job.State.RUNNING, done=3, total=10, step="读取表格")
    client.force_login(cast.qian)
    url = reverse("jobs:job", args=["sunny", job.pk])
    for headers in ({}, {"HX-Request": "true"}):
        page = client.get(url, headers=headers).content.decode()
        assert "3 / 10" in page and "读取表格" in page and "data-poll" in page
        assert ("<html" in page) is not bool(headers)
    job.fail("文件加了密码。", TUESDAY)
    page = client.get(url).content.decode()
    assert "文件加了密码。" in page and "data-poll" not in page


def test_only_within_reach(cast, kind, client):
    """Design §7: one's own jobs; who may import sees all; others find nothing."""
    kind(lambda job, progress: {})
    hers, his = ask(cast, by="he"), ask(cast, by="ming")
    assert set(Job.objects.visible_to(cast.as_("he"))) == {hers}
    assert set(Job.objects.visible_to(cast.as_("qian"))) == {hers, his}
    client.force_login(cast.he)
    assert client.get(reverse("jobs:job", args=["sunny", hers.pk])).status_code == 200
    for name in ("job", "result"):
        assert client.get(reverse(f"jobs:{name}", args=["sunny", his.pk])).status_code == 404
    assert client.post(reverse("jobs:cancel", args=["sunny", his.pk])).status_code == 404
    client.post(reverse("jobs:cancel", args=["sunny", hers.pk]))
    hers.refresh_from_db()
    assert hers.state == Job.State.CANCELLED


def test_a_failed_job_asked_again_tries_again(cast, kind):
    """Design decision 10: the same key after a failure is another try, not another row."""
    kind(lambda job, progress: {})
    job = ask(cast, key="a")
    job.fail("没有网络", TUESDAY)
    assert ask(cast, key="a") == job
    job.refresh_from_db()
    assert job.state == Job.State.WAITING and not job.error


@pytest.mark.django_db(transaction=True)
class TestRunning:
    """The task itself, with its own connections."""

    @pytest.fixture
    def estate(self):
        from guanjia.estates.models import Company, Estate

        return Estate.objects.create(
            company=Company.objects.create(code="running", name="物业"), code="running", name="小区"
        )

    def look(self, job):
        from guanjia.tenancy.scope import estate_scope

        with estate_scope(job.estate_id):
            return Job.objects.get(pk=job.pk)

    def test_it_runs_once_and_the_bar_moves(self, estate, kind):
        """Habit 7: progress is seen while the work's own transaction is still open."""
        from guanjia.tenancy.scope import estate_scope

        seen = []

        def work(job, progress):
            with estate_scope(job.estate_id):
                progress(1, 2, "一半")
                other = connection.copy()
                with other.cursor() as cursor:
                    cursor.execute("BEGIN")
                    cursor.execute(f"SET LOCAL guanjia.estate = '{job.estate_id}'")
                    cursor.execute("SELECT done, total, step, state FROM jobs_job WHERE id = %s", [job.pk])
                    seen.append(cursor.fetchone())
                other.close()
            return {"made": 7}

        job = Job.objects.ask(kind(work), estate=estate)
        for _twice in range(2):
            run(estate_id=estate.pk, job_id=job.pk)
        after = self.look(job)
        assert seen == [(1, 2, "一半", "running")] and (after.state, after.result, after.tries) == (
            "done",
            {"made": 7},
            1,
        )

    def test_a_refusal_is_shown_and_an_error_is_not(self, estate, kind, caplog):
        """Issue 2 point 1: one clear line; what went wrong inside is logged, not shown."""

        def refuse(job, progress):
            raise Refused("文件加了密码。")

        def stumble(job, progress):
            raise ValueError("postgresql://secret")

        for work, name in ((refuse, "refusing"), (stumble, "stumbling")):
            job = Job.objects.ask(kind(work, name), estate=estate)
            run(estate_id=estate.pk, job_id=job.pk)
            after = self.look(job)
            assert after.state == "failed" and "secret" not in after.error
            assert after.error == "文件加了密码。" or "secret" in caplog.text

    def test_after_a_kill_it_is_taken_over(self, estate, kind):
        """Issue 2 proof: a runner killed with -9 leaves the row running; after its silence another does the work whole."""
        ran = []
        job = Job.objects.ask(kind(lambda job, progress: ran.append(1) or {}), estate=estate)
        with clock.at(TUESDAY):
            assert job.start(clock.now())
            run(estate_id=estate.pk, job_id=job.pk)
        assert not ran
        with clock.at(TUESDAY + SILENT * 2):
            run(estate_id=estate.pk, job_id=job.pk)
        assert ran == [1] and self.look(job).state == "done"


def test_a_bar_that_cannot_be_written_stops_no_work(cast, kind, monkeypatch):
    """Issue 5.3: no connection for the bar just now (a full pool); the work goes on to its end."""
    asked = []

    def refuse(progress, columns, values):
        asked.append(values)
        raise OperationalError("couldn't get a connection")

    def work(job, progress):
        progress(1, 2, "一半")
        return {"done": 2}

    monkeypatch.setattr(Progress, "_tell", refuse)
    kind(work)
    job = ask(cast)
    run(cast.sunny.pk, job.pk)
    job.refresh_from_db()
    assert (job.state, job.result) == (Job.State.DONE, {"done": 2}) and asked
