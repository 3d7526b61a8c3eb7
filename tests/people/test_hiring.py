"""A new colleague: the account, the first post, the link to the password (issue 4)."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from guanjia import clock
from guanjia.estates.models import Estate
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.people.hiring import hire, invitation_of, invited, set_first_password
from guanjia.people.models import CompanyPost, Person, Post
from guanjia.people.posting import appoint
from guanjia.staffing.forms import ColleagueForm
from guanjia.tenancy.errors import NotAllowed, Refused
from tests.cast import ALWAYS, TUESDAY

SECRET = "a walk at dusk"


def test_a_colleague_has_a_post_and_no_password(cast):
    made = hire("林小雨", " Xiaoyu ", cast.sunny, "repairer", by=cast.as_("qian"), phone="138 0013 8000")
    made.refresh_from_db()
    assert (made.username, made.phone, made.company) == ("xiaoyu", "+8613800138000", cast.company)
    assert not made.has_usable_password() and Post.objects.get(person=made).role == "repairer"
    assert Event.objects.get(action=Action.COLLEAGUE_HIRED).sentence == "钱经理为林小雨开通账号 xiaoyu，任维修工"


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"name": " "}, "name_missing"), ({"username": "王芳"}, "bad_username"), ({"username": "MING"}, "username_taken"),
        ({"phone": "123"}, "bad_phone"), ({"phone": "19900000001"}, "phone_taken"), ({"role": "king"}, "no_such_role"),
        ({"role": "steward", "zone": "east"}, "clash"),
    ],
)  # fmt: skip
def test_what_cannot_be_leaves_nothing_behind(cast, said, code):
    said = {"name": "林小雨", "username": "xiaoyu", "role": "repairer", "phone": ""} | said
    zone = getattr(cast, said.pop("zone", ""), None)
    before = Person.objects.count()
    with pytest.raises(Refused) as refused:
        hire(estate=cast.sunny, by=cast.as_("qian"), zone=zone, **said)
    assert refused.value.code == code and Person.objects.count() == before
    with pytest.raises(NotAllowed):
        hire(estate=cast.sunny, by=cast.as_("zhao"), **said | {"role": "repairer"})


def test_the_link_is_good_once_and_for_a_week(cast):
    made = hire("林小雨", "xiaoyu", cast.sunny, "repairer", by=cast.as_("qian"))
    token = invitation_of(made)
    assert invited(token) == made and invited(token[:-1] + "x") is None and invited(f"{cast.ming.pk}{token[len(str(made.pk)) :]}") is None
    with clock.at(TUESDAY + timedelta(days=8)):
        assert invited(token) is None
    set_first_password(made, SECRET)
    assert invited(token) is None
    with pytest.raises(Refused):
        set_first_password(Person.objects.get(pk=made.pk), "another one")
    with pytest.raises(Refused):
        invitation_of(made)


def test_from_the_managers_page_to_the_first_day(client, cast):
    client.force_login(cast.qian)
    page = reverse("staffing:colleague", args=["sunny"])
    said = {"name": "林小雨", "phone": "13800138000", "username": "ming", "role": "steward", "zone": "", "since": "2026-03-10"}
    wrong = client.post(page, said)
    assert wrong.status_code == 422 and "已经有人用" in wrong.content.decode() and 'value="林小雨"' in wrong.content.decode()
    answer = client.post(page, said | {"username": "xiaoyu"})
    assert answer.status_code == 302
    made = Person.objects.get(username="xiaoyu")
    link = reverse("people:welcome", args=[invitation_of(made)])
    text = client.get(answer.url).content.decode()
    assert link in text and "<svg" in text
    assert "未设密码" in client.get(reverse("staffing:posts", args=["sunny"])).content.decode()
    theirs = Client()
    assert theirs.post(link, {"new": "short", "again": "short"}).status_code == 422
    assert theirs.post(link, {"new": SECRET, "again": SECRET}).status_code == 302
    assert theirs.get(reverse("people:me")).status_code == 200
    assert Client().get(link).status_code == 404 and client.get(answer.url).status_code == 404
    client.force_login(cast.zhao)
    assert client.get(page).status_code == 404


def test_a_manager_gives_no_post_of_the_company(cast):
    """Those judge the manager: only the company's people make more of them, by whatever door."""
    manager = cast.as_("qian")
    for role in ("company_admin", "company_quality", "general_manager"):
        with pytest.raises(NotAllowed):
            hire("林小雨", "xiaoyu", cast.sunny, role, by=manager)
        with pytest.raises(NotAllowed):
            appoint(cast.qian, cast.sunny, role, by=manager)
    assert not Person.objects.filter(username="xiaoyu").exists()
    given = dict(ColleagueForm(estate=cast.sunny, by=manager).fields["role"].choices)
    assert "repairer" in given and "company_admin" not in given
    CompanyPost.objects.create(company=cast.company, person=cast.jing, role="company_admin", during=ALWAYS)
    assert hire("林小雨", "xiaoyu", cast.sunny, "company_quality", by=cast.as_("jing")).pk


def test_a_link_is_shown_where_the_account_was_opened(client, cast):
    """Whoever sees the link can sign in with it: not another estate's newcomers, nor the company's."""
    moon = Estate.objects.create(company=cast.company, code="moon", name="月亮湾")
    elsewhere = hire("高新", "gaoxin", moon, "manager", by=None)
    here = hire("林小雨", "xiaoyu", cast.sunny, "repairer", by=cast.as_("qian"))
    client.force_login(cast.qian)
    assert client.get(reverse("staffing:invitation", args=["sunny", here.pk])).status_code == 200
    assert client.get(reverse("staffing:invitation", args=["sunny", elsewhere.pk])).status_code == 404
    appoint(elsewhere, cast.sunny, "repairer", by=cast.as_("qian"))
    assert client.get(reverse("staffing:invitation", args=["sunny", elsewhere.pk])).status_code == 404
    page = client.get(reverse("staffing:posts", args=["sunny"])).content.decode()
    assert f"colleagues/{here.pk}/" in page and f"colleagues/{elsewhere.pk}/" not in page
    CompanyPost.objects.create(company=cast.company, person=here, role="company_admin", during=ALWAYS)
    assert client.get(reverse("staffing:invitation", args=["sunny", here.pk])).status_code == 404
