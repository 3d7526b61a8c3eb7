"""Pages and API of activities: a full one, a forged code, one from another zone (COM-32)."""

import pytest
from django.urls import reverse

from guanjia import clock
from guanjia.activities.models import Activity, SignUp

pytestmark = pytest.mark.django_db


@pytest.fixture
def sign_in(cast, client):
    def signed(name):
        client.force_login(getattr(cast, name))
        return client

    return signed


def there(name, *args):
    return reverse(f"activities:{name}", args=["sunny", *args])


def test_a_full_activity_on_the_phone(cast, opened, sign_in):
    """COM-32: the second of two who press the button is told, and can wait; the form keeps nothing from the first."""
    row = opened(places=1)
    assert "报名成功" in sign_in("mei").post(there("joining", row.pk), {"heads": "1"}, follow=True).content.decode()
    lu = sign_in("lu")
    assert "名额已满" in lu.post(there("joining", row.pk), {"heads": "1"}, follow=True).content.decode()
    page = lu.post(there("joining", row.pk), {"heads": "1", "wait": "1"}, follow=True).content.decode()
    assert "排在第 1 位" in page and SignUp.objects.get(household=cast.lus).waiting
    for odd in ("-1", "9" * 30, "x", "０"):
        assert lu.post(there("joining", row.pk), {"heads": odd}).status_code == 302
    sign_in("mei").post(there("joining", row.pk), {"leave": "1"})
    assert "已报名" in sign_in("lu").get(there("mine_show", row.pk)).content.decode()


def test_a_plan_is_kept_when_it_is_refused(cast, sign_in):
    """COM-08: too many places for a tea party; what was typed stays."""
    said = {"title": "冬日茶话", "words": "聊聊供暖", "place": "大堂", "begins_at": "2026-03-12T15:00", "ends_at": "2026-03-12T17:00", "places": "20", "budget": "100"}
    ming = sign_in("ming")
    answer = ming.post(there("new", "tea"), said)
    assert answer.status_code == 409 and "冬日茶话" in answer.content.decode() and "在 10 和 15 之间" in answer.content.decode()
    assert ming.post(there("new", "tea"), said | {"places": "15", "begins_at": "12月"}).status_code == 422
    assert ming.get(there("new", "party")).status_code == 404
    assert ming.post(there("new", "tea"), said | {"places": "15"}).status_code == 302
    row = Activity.objects.get()
    for name in ("list", "show"):
        assert "冬日茶话" in ming.get(there(name, *([row.pk] if name == "show" else []))).content.decode()
    for kind in ("plan", "list", "file"):
        assert ming.get(there("paper", row.pk, kind)).content[:5] == b"%PDF-"
    assert ming.get(there("list") + "?xlsx=1").status_code == 200 and ming.get(there("guest_list", row.pk)).status_code == 200
    assert ming.get(there("paper", row.pk, "x")).status_code == 404


def test_the_code_at_the_door(cast, opened, sign_in):
    """COM-32: a forged code is said so; the true one signs a household in once, without a list."""
    row = opened()
    assert "这个签到码无效" in sign_in("mei").get(there("scan", "1-1.forged")).content.decode()
    assert sign_in("ming").get(there("door", row.pk)).status_code == 200
    mei = sign_in("mei")
    assert "还没有开始" in mei.post(there("scan", row.mark), follow=True).content.decode()
    with clock.at(row.begins_at):
        mei.post(there("scan", row.mark), {"heads": "2"})
        mei.post(there("scan", row.mark), {"heads": "2"})
        assert "已签到" in mei.get(there("scan", row.mark)).content.decode()
    assert SignUp.objects.get().heads == 2 and SignUp.objects.get().how == "code"

