"""Keys over the API: the register by reach, lent, confirmed, handed in, taken back (KEY-01, KEY-10)."""

import pytest

from guanjia.keys.models import Key

pytestmark = pytest.mark.django_db


def test_a_key_goes_out_and_comes_back(api, cast):
    key = Key.objects.register("GG-001", "spare", "天台", "前台柜", by=cast.as_("he"))
    assert [row["code"] for row in api("he").get("/keys").json()["items"]] == ["GG-001"]
    assert api("zhou").get("/keys").json()["items"] == [] and api("mei").get("/keys").status_code == 403
    lent = api("he").post(f"/keys/{key.pk}/loans", person=cast.zhou.pk, purpose="查漏")
    assert lent.status_code == 200, lent.content
    there = f"/loans/{lent.json()['id']}"
    assert api("he").post(f"/keys/{key.pk}/loans", person=cast.wu.pk, purpose="查漏").status_code == 409
    assert api("wu").post(f"{there}/confirmation").status_code == 404
    assert api("zhou").post(f"{there}/confirmation").json()["confirmed_at"]
    assert api("he").post(f"{there}/return").status_code == 409
    assert api("zhou").post(f"{there}/handing-in").status_code == 200
    assert api("he").post(f"{there}/return").json()["returned_at"]
    assert api("stranger").get("/keys").status_code == 404
