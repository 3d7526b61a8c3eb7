"""The two ways in, and out again, over HTTP."""

import pytest
from django.test import Client
from django.urls import reverse

from guanjia import clock
from guanjia.notices.models import Sms
from guanjia.people import second_factor
from guanjia.people.models import Person, Session, SignInCode
from tests.cast import PASSWORD, TUESDAY

IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0) Safari/604.1"


@pytest.fixture
def door(cast):
    cast.jing.set_password(PASSWORD)
    cast.jing.save()
    return Client(headers={"user-agent": IPHONE})


def by_password(client, username="jing", password=PASSWORD, **more):
    return client.post(reverse("people:sign_in"), {"way": "staff", "username": username, "password": password, **more})


def by_phone(client, phone="19900000001"):
    return client.post(reverse("people:sign_in"), {"way": "resident", "phone": phone})


def is_in(client):
    return client.get(reverse("people:me")).status_code == 200


def test_a_stranger_is_asked_to_sign_in(door):
    answer = door.get(reverse("people:me"))
    assert answer.status_code == 302 and answer.url.startswith(reverse("people:sign_in"))


def test_staff_come_in_by_password_under_a_new_session_key(door):
    door.get(reverse("people:sign_in"))
    session = door.session
    session["x"] = "of a stranger"
    session.save()
    before = session.session_key
    assert by_password(door).status_code == 302
    assert is_in(door)
    assert door.session.session_key != before
    assert "x" not in door.session and not Session.objects.filter(pk=before).exists()


def test_a_wrong_password_and_a_wrong_name_look_alike(door):
    one, other = by_password(door, password="wrong"), by_password(door, username="nobody", password="wrong")
    assert one.status_code == other.status_code == 422
    assert "用户名或密码不对" in one.content.decode() and "用户名或密码不对" in other.content.decode()
    assert not is_in(door)
    assert 'value="nobody"' in other.content.decode()  # what was typed stays


def test_residents_come_in_by_code(door):
    assert by_phone(door).url == reverse("people:code")
    code = Sms.objects.get().words.split("验证码 ")[1][:6]
    page = door.post(reverse("people:code"), {"code": "12345"})
    assert page.status_code == 422 and "199****0001" in page.content.decode()
    assert door.post(reverse("people:code"), {"code": code}).status_code == 302
    assert is_in(door)


def test_pages_do_not_tell_which_phones_are_known(door):
    """Same address, status, words and number of statements' effects for both."""
    pages = []
    for client, phone in ((Client(), "19900000001"), (Client(), "13800000000")):
        asked = by_phone(client, phone)
        page = (
            client.get(asked.url)
            .content.decode()
            .replace("138****0000", "199****0001")
            .replace("+8613800000000", "+8619900000001")
        )
        wrong = client.post(asked.url, {"code": "999999"})
        pages.append((asked.status_code, asked.url, wrong.status_code, len(page)))
    assert pages[0] == pages[1]
    assert SignInCode.objects.count() == 2


def test_a_resident_has_no_password_way(door, cast):
    cast.mei.set_password(PASSWORD)
    cast.mei.save()
    assert by_password(door, "mei").status_code == 422


def test_only_own_pages_follow_a_sign_in(door):
    assert by_password(door, next="https://evil.example/").url == "/"
    door.post(reverse("people:sign_out"))
    assert by_password(door, next="/me/").url == "/me/"


def test_signing_out_is_a_post_and_ends_the_session(door):
    by_password(door)
    assert door.get(reverse("people:sign_out")).status_code == 405
    key = door.session.session_key
    door.post(reverse("people:sign_out"))
    assert not Session.objects.filter(pk=key).exists() and not is_in(door)


def test_a_deactivated_person_is_out_at_once(door, cast):
    by_password(door)
    Person.objects.filter(pk=cast.jing.pk).update(is_active=False)
    assert not is_in(door)
    assert by_password(Client()).status_code == 422


def test_a_revoked_session_is_out_at_once(door, cast):
    by_password(door)
    other = Client()
    by_password(other)
    page = door.get(reverse("people:me")).content.decode()
    assert "iPhone · Safari" in page and page.count("/revocation/") == 2  # the other one, and all others
    rows = Session.objects.filter(person=cast.jing)
    assert rows.count() == 2
    marks = [part.split("/")[0] for part in page.split("/me/sessions/")[1:] if not part.startswith("revocation")]
    door.post(reverse("people:revocation", args=marks))
    assert is_in(door) and not is_in(other)


def test_nobody_ends_anothers_session(door, cast):
    by_password(door)
    from guanjia.people.views.me import mark_of

    cast.qian.set_password(PASSWORD)
    cast.qian.save()
    manager = Client()
    by_password(manager, "qian")
    door.post(reverse("people:revocation", args=[mark_of(manager.session.session_key)]))
    assert is_in(manager)


def test_a_new_password_ends_other_sessions(door, cast):
    by_password(door)
    other = Client()
    by_password(other)
    new = "another long phrase"
    form = {"current": "wrong one", "new": new, "again": new}
    assert door.post(reverse("people:password"), form).status_code == 422
    assert (
        door.post(
            reverse("people:password"), {**form, "current": PASSWORD, "new": "short", "again": "short"}
        ).status_code
        == 422
    )
    assert door.post(reverse("people:password"), {**form, "current": PASSWORD}).status_code == 302
    assert is_in(door) and not is_in(other)
    assert by_password(Client()).status_code == 422
    assert by_password(Client(), password=new).status_code == 302


def test_with_a_second_factor_the_password_is_only_half(door, cast):
    with clock.at(TUESDAY):
        row = second_factor.begin(cast.jing)
        step = int(TUESDAY.timestamp()) // 30
        spare = second_factor.confirm(cast.jing, second_factor.hotp(row.secret, step - 1))
    assert by_password(door).url == reverse("people:second")
    assert not is_in(door)
    assert door.post(reverse("people:second"), {"code": "000000"}).status_code == 422
    assert door.post(reverse("people:second"), {"code": second_factor.hotp(row.secret, step)}).status_code == 302
    assert is_in(door)
    other = Client()
    by_password(other)
    assert (
        other.post(reverse("people:second"), {"code": second_factor.hotp(row.secret, step)}).status_code == 422
    )  # used
    assert other.post(reverse("people:second"), {"code": spare[0]}).status_code == 302


def test_the_second_half_is_not_open_without_the_first(door):
    assert door.get(reverse("people:second")).status_code == 302
    assert door.get(reverse("people:code")).status_code == 302


def test_the_looks_go_with_the_person(door, cast):
    by_password(door)
    door.post(reverse("people:looks"), {"language": "en", "theme": "dark", "large_type": "on"})
    elsewhere = Client()
    answer = by_password(elsewhere)
    assert (answer.cookies["theme"].value, answer.cookies["type"].value, answer.cookies["django_language"].value) == (
        "dark",
        "large",
        "en",
    )


@pytest.mark.parametrize(
    ("name", "there"), [("jing", "/e/sunny/today/"), ("mei", "/e/sunny/home/"), ("stranger", "/e/lake/today/")]
)
def test_everyone_is_sent_to_their_estate(door, cast, name, there):
    client = Client()
    client.force_login(getattr(cast, name))
    assert client.get("/").url == there


def test_a_choice_among_several_and_a_word_for_none(door, cast):
    from guanjia.estates.models import Estate
    from guanjia.people.models import CompanyPost, Post
    from tests.cast import ALWAYS

    Estate.objects.create(company=cast.company, code="moon", name="月亮湾")
    CompanyPost.objects.create(company=cast.company, person=cast.qian, role="company_admin", during=ALWAYS)
    client = Client()
    client.force_login(cast.qian)
    page = client.get("/").content.decode()
    assert "月亮湾" in page and "/e/sunny/today/" in page
    Post.objects.filter(person=cast.wu).delete()
    client.force_login(cast.wu)
    assert "不属于任何小区" in client.get("/").content.decode()


def test_the_demo_outbox_only_in_the_demo(door, settings):
    by_phone(door)
    assert door.get(reverse("people:demo_outbox")).status_code == 404
    settings.DEMO = True
    assert "验证码" in door.get(reverse("people:demo_outbox")).content.decode()


def test_asking_again_at_once_says_so_and_keeps_the_way_open(door):
    by_phone(door)
    again = by_phone(door)
    assert again.url == reverse("people:code")
    assert "60 秒后再试" in door.get(again.url).content.decode()
    assert Sms.objects.count() == 1
    assert by_phone(Client()).status_code == 422  # who did not ask learns no more than for any phone
