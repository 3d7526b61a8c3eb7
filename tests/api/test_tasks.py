"""Tasks over the API: the list, the form, the record with its own id (issue 3 points 4 and 5)."""

from __future__ import annotations

import json
import uuid

import pytest

from guanjia.duties.models import Record
from tests.duties.doing import answers, photo, task


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def test_one_sees_ones_tasks_with_their_forms(api, cast):
    mine, hers = task(cast), task(cast, person="fang", subject=cast.west)
    assert [row["id"] for row in api("ming").get("/tasks").json()["items"]] == [mine.pk]
    full = api("ming").get(f"/tasks/{mine.pk}").json()
    assert full["form"] == "patrol" and [item["name"] for item in full["items"]][:2] == ["staff", "order"]
    assert full["items"][7]["choices"] == {str(cast.b3.pk): "3栋"}
    assert api("ming").get(f"/tasks/{hers.pk}").status_code == 404 and api("mei").get("/tasks").status_code == 403


def test_a_record_sent_twice_is_one(api, cast):
    """By its own id, and by the idempotency key."""
    todo, own = task(cast), str(uuid.uuid4())
    body = {"answers": answers(cleaning="bad", cleaning__words="积水"), "client_id": own}
    first = api("ming").post(f"/tasks/{todo.pk}/record", **body)
    again = api("ming").post(f"/tasks/{todo.pk}/record", **body)
    assert (
        first.status_code == again.status_code == 201
        and first.json() == again.json()
        and len(first.json()["tickets"]) == 1
    )
    other = task(cast, slot="2026-03-11")
    keyed = [api("ming").post(f"/tasks/{other.pk}/record", key="k1", answers=answers()) for _ in range(2)]
    assert [answer.status_code for answer in keyed] == [201, 201] and keyed[1].headers["Idempotency-Replayed"] == "true"
    assert Record.objects.count() == 2


def test_what_is_missing_is_named_by_item(api, cast):
    todo = task(cast)
    answer = api("ming").post(f"/tasks/{todo.pk}/record", answers=answers(staff=""))
    assert answer.status_code == 422 and [slip["at"] for slip in answer.json()["errors"]] == ["body/answers/staff"]
    assert not Record.objects.exists()


def test_with_photos_of_its_items(api, cast):
    todo = task(cast)
    said = json.dumps({"answers": answers(engineering="bad", engineering__words="灯坏")})
    answer = api("ming").form(
        f"/tasks/{todo.pk}/record/photos", record=said, items="engineering,", photos=[photo(1), photo(2)]
    )
    assert answer.status_code == 201 and sorted(Record.objects.get().photos.values_list("item", flat=True)) == [
        "",
        "engineering",
    ]
    assert api("ming").form(f"/tasks/{todo.pk}/record/photos", record="{", photos=[photo(1)]).status_code == 422


def test_somebody_was_faster(api, cast):
    todo = task(cast)
    todo.finish(by=cast.as_("zhao"), answers=answers())
    answer = api("ming").post(f"/tasks/{todo.pk}/record", answers=answers())
    assert (answer.status_code, answer.json()["code"]) == (409, "already_done")
    assert api("ming").post(f"/tasks/{todo.pk}/record", answers=answers(), beside=True).status_code == 201
