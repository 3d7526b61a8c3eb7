"""家人: asked for on the phone, answered by who keeps the file (issue 7 line 8)."""

import pytest
from django.db import transaction
from django.urls import reverse

from guanjia import clock
from guanjia.care.models import FamilyAsk
from guanjia.households.models import Member
from guanjia.notices.loop import run_once as tell
from guanjia.notices.models import Delivery
from guanjia.tenancy.errors import NotAllowed, Refused


def refused(code, act):
    with pytest.raises(Refused) as caught, transaction.atomic():
        act()
    assert caught.value.code == code


def ask(cast, act="add", who="mei", **said):
    return FamilyAsk.objects.ask(cast.meis, act, by=cast.as_(who), **said)


def test_somebody_comes_to_live_there(cast):
    """Nothing changes until the steward has looked; then the file has them, and the household hears."""
    row = ask(cast, name="梅小宝", kind="family", phone="139 0000 0001")
    refused("already_asked", lambda: ask(cast, name="梅小宝", kind="family"))
    assert not Member.objects.filter(name="梅小宝").exists()
    with pytest.raises(NotAllowed):
        row.judge(True, by=cast.as_("zhou"))
    row.judge(True, by=cast.as_("ming"))
    refused("already_done", lambda: row.judge(True, by=cast.as_("ming")))
    assert Member.objects.get(name="梅小宝").phone == "+8613900000001" and row.state == "granted"
    tell(clock.now())
    assert Delivery.objects.filter(person_id=cast.ming.pk, channel="inbox").exists() and Delivery.objects.filter(person_id=cast.mei.pk, channel="inbox").exists()


def test_only_ones_own_and_only_what_makes_sense(cast):
    with pytest.raises(NotAllowed):
        ask(cast, who="lu", name="外人", kind="family")
    refused("incomplete", lambda: ask(cast, name="", kind="family"))
    refused("incomplete", lambda: ask(cast, name="梅小宝", kind="owner"))
    refused("not_a_phone", lambda: ask(cast, name="梅小宝", kind="family", phone="12"))
    lus = cast.lus.members.get()
    refused("no_member", lambda: ask(cast, "remove", member=lus))
    assert not FamilyAsk.objects.visible_to(cast.as_("lu")).exists()


def test_corrected_and_moved_out(cast):
    """One open question about a person; refused with the reason; a changed number and a departure go through the file's own verbs."""
    husband = cast.meis.members.get(login=cast.mr_mei)
    row = ask(cast, "change", member=husband, name="梅建国", phone="13900000002")
    refused("clash", lambda: ask(cast, "remove", member=husband))
    refused("why_missing", lambda: row.judge(False, by=cast.as_("ming")))
    row.judge(True, by=cast.as_("ming"))
    husband.refresh_from_db()
    assert (husband.name, husband.phone) == ("梅建国", "+8613900000002")
    again = ask(cast, "remove", member=husband)
    again.judge(False, "请本人来电确认", by=cast.as_("ming"))
    last = ask(cast, "remove", member=husband)
    last.withdraw(by=cast.as_("mei"))
    ask(cast, "remove", member=husband).judge(True, by=cast.as_("ming"))
    husband.refresh_from_db()
    assert husband.left_on and not FamilyAsk.objects.open().exists()


def test_pages(cast, client):
    client.force_login(cast.mei)
    page = client.get(reverse("care:family", args=["sunny"])).content.decode()
    assert "梅先生" in page and "+8619900000002" not in page
    join = reverse("care:family_joining", args=["sunny", cast.meis.pk])
    bad = client.post(join, {"name": "梅小宝", "kind": "family", "phone": "12"})
    assert bad.status_code == 409 and "梅小宝" in bad.content.decode()
    assert client.post(join, {"name": "梅小宝", "kind": "family"}, follow=True).status_code == 200
    row = FamilyAsk.objects.get()
    client.force_login(cast.lu)
    assert client.get(join).status_code == 404 and client.post(reverse("care:family_withdrawal", args=["sunny", row.pk])).status_code == 404
    client.force_login(cast.fang)  # of the other zone
    assert client.post(reverse("care:family_verdict", args=["sunny", row.pk]), {"granted": "yes"}).status_code == 404
    client.force_login(cast.ming)
    assert "梅小宝" in client.get(reverse("care:family_asks", args=["sunny"])).content.decode()
    client.post(reverse("care:family_verdict", args=["sunny", row.pk]), {"granted": "yes"})
    assert Member.objects.filter(name="梅小宝").exists()
