"""Every verb as a POST to its noun (REQ-04..12, REQ-19..23, REQ-47, REQ-48)."""

from __future__ import annotations

import base64
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from guanjia.tickets.models import Photo, Ticket

from .test_door import is_problem


def picture(kind="JPEG"):
    buffer = io.BytesIO()
    Image.new("RGB" if kind == "JPEG" else "RGBA", (40, 30), "teal").save(buffer, kind)
    return buffer.getvalue()


def done(response, stage=None, noun="ticket"):
    assert response.status_code == 200, response.content.decode()
    if stage:
        assert response.json()[noun]["stage"] == stage
    return response.json()


def test_the_whole_journey(api, cast):
    """REQ-01: six steps by three people and their tokens."""
    mei, ming, zhou = api("mei"), api("ming"), api("zhou")
    number = mei.post("/tickets", words="厨房水管漏水", unit="3-1-501").json()["number"]
    at = f"/tickets/{number}"
    done(ming.post(f"{at}/classification", klass="urgent", category="leak"), "classified")
    made = done(ming.post(f"{at}/dispatch", worker=cast.zhou.pk, priority="high", wishes="请轻声"), "dispatched")["made"]
    assert [row["id"] for row in zhou.get("/work").json()["items"]] == [made]
    order = f"/work/{made}"
    assert zhou.get(order).json()["acts"][0] == "taking"
    done(zhou.post(f"{order}/taking"), "taken", "work")
    done(zhou.post(f"{order}/arrival", proof="position", latitude="30.572816", longitude=104.066801), "arrived", "work")
    done(zhou.post(f"{order}/pause", why="取配件"), "paused", "work")
    done(zhou.post(f"{order}/resumption"), "arrived", "work")
    done(zhou.post(f"{order}/material", item="角阀", quantity="1.5", unit="个", price=35))
    assert zhou.get(order).json()["materials"] == [{"item": "角阀", "quantity": "1.50", "unit": "个", "price": "35.00"}]
    done(zhou.post(f"{order}/finish", words="更换角阀，试水不漏"), "finished", "work")
    done(zhou.post(f"{order}/objection", why="应配两人"))
    done(mei.post(f"{at}/rating", speed=5, result=5, attitude=4), "done")
    done(ming.post(f"{at}/confirmation", outcome="satisfied"), "fed_back")
    done(ming.post(f"{at}/archive"), "archived")
    done(mei.post(f"{at}/reopening", why="又漏了"), "classified")


def test_what_residents_do_with_their_own(api, ticket, cast):
    at = f"/tickets/{ticket.number}"
    done(api("mr_mei").post(f"{at}/addition", words="楼下也漏了"))
    done(api("mei").post(f"{at}/urge"))
    assert is_problem(api("mei").post(f"{at}/urge"), 429, "just_urged")
    assert is_problem(api("lu").post(f"{at}/urge"), 404)
    assert is_problem(api("mei").post(f"{at}/progress", words="好了"), 403, "not_allowed")
    assert is_problem(api("ming").post(f"{at}/rating", speed=5, result=5, attitude=5), 403)
    done(api("mei").post(f"{at}/cancellation", why="自己修好了"), "cancelled")


def test_hold_note_pass_and_hand_over(api, classified, cast):
    ming, jing, at = api("ming"), api("jing"), f"/tickets/{classified.number}"
    assert done(ming.post(f"{at}/hold", why="等配件"))["ticket"]["held"]
    assert is_problem(ming.post(f"{at}/hold", why="等配件"), 409, "already_held")
    assert not done(ming.post(f"{at}/resumption"))["ticket"]["held"]
    done(ming.post(f"{at}/progress", words="配件已到"))
    done(ming.post(f"{at}/note", words="业主脾气急"))
    done(jing.post(f"{at}/passing", to="市政"))
    assert done(jing.post(f"{at}/steward", steward=cast.fang.pk, why="跨区"))["ticket"]["steward"] == "王芳"
    assert is_problem(jing.post(f"{at}/steward", steward=cast.zhou.pk, why="跨区"), 422)
    assert is_problem(ming.post(f"{at}/group-reply", words="收到"), 409, "not_from_group")
    done(ming.post(f"{at}/completion", words="处理完毕"), "done")
    done(ming.post(f"{at}/follow-up"))


def test_who_can_be_named(api, classified, cast):
    """Work goes to colleagues of this estate only: no resident, no stranger, nobody at all."""
    for person in (cast.mei.pk, cast.stranger.pk, 10**15):
        response = api("ming").post(f"/tickets/{classified.number}/dispatch", worker=person, priority="low", wishes="无")
        assert is_problem(response, 422) and response.json()["errors"][0]["at"] == "body/worker"


def test_reports_of_one_thing(api, cast, ticket):
    """Merger, incident, joining, notice, closure (issue 2.6)."""
    jing = api("jing")
    others = [jing.post("/tickets", words=words, unit="3-1-502").json()["number"] for words in ("也漏水", "停水了", "没水")]
    assert done(jing.post(f"/tickets/{others[0]}/merger", target=ticket.number), "merged")["ticket"]["merged_into"] == ticket.number
    assert is_problem(jing.post(f"/tickets/{others[1]}/merger", target="nowhere"), 422)
    made = done(jing.post(f"/tickets/{others[1]}/incident", title="3 栋停水"))["made"]
    done(jing.post(f"/tickets/{others[2]}/joining", incident=made))
    listed = jing.get("/incidents").json()["items"]
    assert [(row["id"], row["tickets"], row["lead"]) for row in listed] == [(made, 2, others[1])]
    told = jing.post(f"/incidents/{made}/notice", words="抢修车已到").json()
    assert told["notice"] == "抢修车已到"
    assert jing.post(f"/incidents/{made}/closure", words="已恢复").json()["closed_at"]
    assert jing.get(f"/tickets/{others[2]}").json()["stage"] == "done"
    assert is_problem(jing.post(f"/incidents/{made}/closure", words="已恢复"), 409, "already_closed")
    assert is_problem(api("mei").get("/incidents"), 403) and is_problem(api("zhou").get(f"/incidents/{made}"), 403)


def test_a_complaint(api, cast):
    """REQ-19..23: verdict by somebody else, measure, signature, compensation."""
    number = api("mei").post("/tickets", words="保洁态度差", kind="complaint", unit="3-1-501").json()["number"]
    ming, zhao, at = api("ming"), api("zhao"), f"/tickets/{number}"
    done(ming.post(f"{at}/classification", klass="routine", category="service"))
    assert is_problem(ming.post(f"{at}/verdict", ruling="valid", why="属实"), 403)
    done(zhao.post(f"{at}/verdict", ruling="valid", why="属实", department="保洁部"))
    done(zhao.post(f"{at}/measure", words="改为每日两次"))
    done(ming.post(f"{at}/completion", words="已致歉"))
    done(ming.post(f"{at}/confirmation", outcome="satisfied"))
    assert is_problem(ming.post(f"{at}/archive"), 409, "signature_missing")
    for bad in ("", "data:image/png;base64,!!", "data:image/png;base64,"):
        assert is_problem(ming.post(f"{at}/signature", signer="梅女士", signature=bad or "x"), 422)
    drawn = base64.b64encode(picture("PNG")).decode()
    done(ming.post(f"{at}/signature", signer="梅女士", signature=f"data:image/png;base64,{drawn}"))
    done(api("qian").post(f"{at}/compensation", amount="50.00", why="致歉"))
    done(ming.post(f"{at}/archive"), "archived")


def test_refusing_and_helping(api, work, cast):
    """STF-02, REQ-47: refusal judged by a supervisor; help from a neighbour; handing over."""
    zhou, at = api("zhou"), f"/work/{work.pk}"
    done(zhou.post(f"{at}/refusal", ground="dangerous", why="带电"), "refused", "work")
    assert is_problem(zhou.post(f"{at}/refusal-verdict", upheld=False, why="已断电"), 403)
    done(api("zhao").post(f"{at}/refusal-verdict", upheld=False, why="已断电"), "offered", "work")
    done(zhou.post(f"{at}/help", route="neighbour", why="要两个人"))
    helper = done(api("jing").post(f"{at}/helper", helper=cast.wu.pk))["made"]
    assert api("wu").get(f"/work/{helper}").json()["helps"] == work.pk
    assert is_problem(api("wu").post(f"{at}/taking"), 404)  # not his: it does not exist for him
    assert is_problem(zhou.post(f"{at}/handover", worker=cast.mei.pk, why="请假"), 422)
    done(api("ming").post(f"{at}/withdrawal", why="业主自修"), "withdrawn", "work")


def test_photos(api, ticket, work, cast, tmp_path, settings):
    """Multipart; made harmless; only the worker adds to the work; the same token reads them."""
    settings.MEDIA_ROOT = tmp_path
    upload = lambda name="a.jpg": SimpleUploadedFile(name, picture(), "image/jpeg")  # noqa: E731
    told = api("mei").form(f"/tickets/{ticket.number}/photos", photos=[upload(), upload("b.jpg")])
    assert told.status_code == 201 and len(told.json()) == 2
    address = told.json()[0]["url"]
    mei, lu = api("mei"), api("lu")
    shown = mei.client.get(address, headers=mei.headers)
    assert shown.headers["Content-Type"] == "image/jpeg" and b"".join(shown.streaming_content)[:2] == b"\xff\xd8"
    assert lu.client.get(address, headers=lu.headers).status_code == 404
    assert api("zhou").form(f"/work/{work.pk}/photos", photos=[upload()], moment="before").status_code == 201
    assert is_problem(api("ming").form(f"/work/{work.pk}/photos", photos=[upload()], moment="before"), 409, "not_yours")
    assert is_problem(api("mei").form(f"/tickets/{ticket.number}/photos", photos=[upload(), SimpleUploadedFile("x.jpg", b"%PDF")]), 409, "not_a_photo")
    assert Photo.objects.at_estate(cast.sunny).count() == 3
    assert is_problem(api("mei").post(f"/tickets/{ticket.number}/photos"), 422)


def test_acknowledging_a_clock(api, classified):
    clocks = api("ming").get(f"/tickets/{classified.number}").json()["clocks"]
    running = next(row for row in clocks if row["stopped_at"] is None)
    address = f"/tickets/{classified.number}/clocks/{running['id']}/acknowledgement"
    assert done(api("ming").post(address)) and done(api("ming").post(address))
    assert is_problem(api("mei").post(address), 403)


@pytest.mark.parametrize("noun", ["progress", "plan", "completion", "note", "measure"])
def test_words_are_asked_for(api, classified, noun):
    for words in ("", "字" * 1001, "a\x00b"):
        assert is_problem(api("ming").post(f"/tickets/{classified.number}/{noun}", words=words), 422)
    assert is_problem(api("ming").post(f"/tickets/{classified.number}/{noun}"), 422)


def test_a_refused_act_leaves_nothing(api, classified, cast):
    """What ends in a problem is undone whole."""
    before = Ticket.objects.at_estate(cast.sunny).get(pk=classified.pk).due_at
    assert is_problem(api("ming").post(f"/tickets/{classified.number}/archive", key="k"), 409)
    assert Ticket.objects.at_estate(cast.sunny).get(pk=classified.pk).due_at == before
