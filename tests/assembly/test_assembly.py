"""业主大会: roll, one final ballot for a unit, the count by area and by heads, minutes (issue 7; Civil Code, art. 278)."""

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from django.db import transaction
from django.db.utils import ProgrammingError
from django.urls import reverse
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from guanjia import clock
from guanjia.assembly.book import ShareEntry, assembly_book
from guanjia.assembly.models import Assembly, Ballot, Choice, RollLine
from guanjia.assembly.paper import ballot_pdf, result_pdf
from guanjia.bulletins.models import Bulletin
from guanjia.estates.models import Unit
from guanjia.households.models import Occupancy
from guanjia.tenancy.errors import NotAllowed, Refused
from tests.cast import ALWAYS, home, household, resident
from tests.duties.doing import photo, signature

pytestmark = pytest.mark.django_db
SIGNATURE = signature()
TOPICS = [{"title": "更换电梯", "matter": "fund_use"}, {"title": "改变架空层用途", "matter": "common_use"}]


@pytest.fixture(autouse=True)
def media(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path


def refused(code, act):
    with pytest.raises(Refused) as caught, transaction.atomic():
        act()
    assert caught.value.code == code


@pytest.fixture
def drafted(cast):
    now = clock.now()
    return Assembly.objects.draft("2026 年业主大会", TOPICS, now + timedelta(hours=1), now + timedelta(days=10), by=cast.as_("qian"))


@pytest.fixture
def opened(cast, drafted):
    drafted.announce(by=cast.as_("qian"))
    with clock.at(drafted.begins_at):
        yield drafted


def all_say(row, said="yes"):
    return {topic.pk: said for topic in row.topics.all()}


def test_calling_and_the_frozen_roll(cast, drafted):
    """Owners of that day; one of several units is one head, so is the builder; a later sale changes nothing."""
    with pytest.raises(NotAllowed):
        drafted.announce(by=cast.as_("zhao"))
    refused("topics", lambda: drafted.revise("x", [{"title": "x", "matter": "party"}], drafted.begins_at, drafted.ends_at, by=cast.as_("qian")))
    refused("bad_time", lambda: drafted.revise("x", TOPICS, drafted.ends_at, drafted.begins_at, by=cast.as_("qian")))
    Occupancy.objects.create(estate=cast.sunny, household=cast.meis, unit=cast.home_next, during=ALWAYS)
    for room in ("701", "801"):
        Unit.objects.filter(pk=home(cast.sunny, cast.b3, cast.e31, room, cast.east).pk).update(state="unsold")
    assert not Assembly.objects.visible_to(cast.as_("mei")).exists()
    assert drafted.announce(by=cast.as_("qian")) == 5
    assert (drafted.area, drafted.heads) == (Decimal("447.50"), 3)  # 梅家两套、吕家、建设单位
    Occupancy.objects.filter(household=cast.meis, unit=cast.home_next).delete()
    assert RollLine.objects.filter(owner=f"h{cast.meis.pk}").count() == 2
    refused("wrong_state", lambda: drafted.revise("x", TOPICS, drafted.begins_at, drafted.ends_at, by=cast.as_("qian")))
    assert Assembly.objects.visible_to(cast.as_("mei")).exists()


def test_one_final_ballot_for_a_unit(cast, opened):
    """By the owner on the phone or from a signed paper; not twice, not another's, not before or after, every topic."""
    mei = cast.as_("mei")
    with clock.at(opened.begins_at - timedelta(minutes=1)):
        refused("too_early", lambda: opened.vote(cast.home, all_say(opened), by=mei))
    with pytest.raises(NotAllowed):
        opened.vote(cast.home, all_say(opened), by=cast.as_("mr_mei"))  # family
    with pytest.raises(NotAllowed):
        opened.vote(cast.home_west, all_say(opened), by=mei)
    refused("incomplete", lambda: opened.vote(cast.home, {opened.topics.first().pk: "yes"}, by=mei))
    refused("incomplete", lambda: opened.vote(cast.home, all_say(opened, "maybe"), by=mei))
    opened.vote(cast.home, all_say(opened), by=mei)
    refused("voted", lambda: opened.vote(cast.home, all_say(opened, "no"), by=mei))
    refused("voted", lambda: opened.vote(cast.home, all_say(opened), by=cast.as_("he"), photo=photo()))
    refused("photo_missing", lambda: opened.vote(cast.home_west, all_say(opened), by=cast.as_("he")))
    opened.vote(cast.home_west, all_say(opened, "no"), by=cast.as_("he"), photo=photo())
    with clock.at(opened.ends_at):
        refused("over", lambda: opened.vote(cast.home_next, all_say(opened), by=cast.as_("he"), photo=photo()))
    for attempt in (lambda: Ballot.objects.update(way="paper"), lambda: Choice.objects.all().delete()):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            attempt()


def test_counted_minuted_signed_published(cast, opened):
    """Two thirds must take part; more than half of both passes one topic, three quarters the other; two sign; another checks the bulletin."""
    qian = cast.as_("qian")
    opened.vote(cast.home, all_say(opened), by=cast.as_("mei"))
    opened.vote(cast.home_west, {opened.topics.get(n=1).pk: "yes", opened.topics.get(n=2).pk: "no"}, by=cast.as_("lu"))
    refused("too_early", lambda: opened.count(by=qian))
    with clock.at(opened.ends_at):
        result = opened.count(by=qian)
        assert (result["units"], result["heads"], result["quorate"]) == (2, 2, True)  # 2 of 3 units of one size are two thirds
        assert [(one["passed"], one["yes_heads"]) for one in result["topics"]] == [(True, 2), (False, 1)]
        refused("wrong_state", lambda: opened.count(by=qian))
        refused("no_minutes", lambda: opened.sign("recorder", "", SIGNATURE, by=qian))
        opened.minute("", by=qian)
        assert "66.66%" in opened.minutes and "达到法定人数" in opened.minutes
        opened.sign("recorder", "", SIGNATURE, by=qian)
        refused("signed", lambda: opened.minute("改一改", by=qian))
        refused("same_person", lambda: opened.sign("witness", "钱经理", SIGNATURE, by=qian))
        refused("signature_missing", lambda: opened.sign("witness", "梅女士", "no picture", by=qian))
        opened.sign("witness", "梅女士", SIGNATURE, by=qian)
        assert opened.state == "signed"
        opened.publish(by=qian)
        refused("published", lambda: opened.publish(by=qian))
        assert Bulletin.objects.get().state == "asked"
        for made in (ballot_pdf, result_pdf):
            assert made(opened)[:5] == b"%PDF-"


def test_a_vote_after_the_end_on_the_phone(cast, opened, client):
    """Issue 7: the page still open on a phone is told clearly; nothing is counted."""
    client.force_login(cast.mei)
    there = reverse("assembly:voting", args=["sunny", opened.pk])
    said = {"unit": cast.home.pk} | {f"topic_{topic.pk}": "yes" for topic in opened.topics.all()}
    assert client.get(reverse("assembly:mine_show", args=["sunny", opened.pk])).status_code == 200
    with clock.at(opened.ends_at + timedelta(minutes=1)):
        assert "投票已经结束，不能再投" in client.post(there, said, follow=True).content.decode()
    assert not Ballot.objects.exists()
    assert "已投票，谢谢" in client.post(there, said, follow=True).content.decode()
    assert "已经投过票" in client.post(there, said, follow=True).content.decode()
    assert client.post(there, said | {"unit": "x"}).status_code == 404
    client.force_login(cast.qian)
    for name, *args in (("list",), ("show", opened.pk), ("paper", opened.pk, "ballot"), ("roll", opened.pk), ("new",)):
        assert client.get(reverse(f"assembly:{name}", args=["sunny", *args])).status_code == 200, name


@given(part=st.integers(0, 500), whole=st.integers(0, 500))
def test_shares_are_exact(part, whole):
    """Art. 1259: 以上 includes the number itself, 过半数 does not; of nothing nothing is reached."""
    for entry in assembly_book().shares.values():
        share = Fraction(part, whole) if whole else Fraction(0)
        wanted = whole > 0 and (share > Fraction(entry.share) if entry.strict else share >= Fraction(entry.share))
        assert entry.reached(part, whole) == wanted == ShareEntry(share=entry.share, strict=entry.strict).reached(Decimal(part), Decimal(whole))


UNITS = st.lists(st.tuples(st.integers(1, 12), st.integers(0, 2), st.sampled_from(["yes", "no", "abstain", None])), min_size=1, max_size=7)


@hypothesis_settings(max_examples=6)
@given(rows=UNITS)
def test_the_count_is_what_one_would_count_by_hand(cast, rows):
    """Set-based SQL against a loop: area by unit, heads by owner, an owner who differs with himself on neither side."""
    mark = transaction.savepoint()
    Unit.objects.filter(pk__in=[cast.home.pk, cast.home_next.pk, cast.home_west.pk]).update(area=0)
    owners = [cast.meis, cast.lus, household(cast.sunny, home(cast.sunny, cast.b5, cast.e51, "901", cast.west), "99", resident("third", "三户", "+8619900000077"))]
    Unit.objects.filter(code="5-1-901").update(area=0)
    now, by = clock.now(), cast.as_("qian")
    units = []
    for n, (area, owner, _said) in enumerate(rows):
        unit = home(cast.sunny, cast.b3, cast.e31, f"{11 + n}01", cast.east)
        Unit.objects.filter(pk=unit.pk).update(area=area)
        Occupancy.objects.create(estate=cast.sunny, household=owners[owner], unit=unit, during=ALWAYS)
        units.append(unit)
    row = Assembly.objects.draft("表决", TOPICS, now, now + timedelta(days=1), by=by)
    row.announce(by=by)
    for unit, (_area, _owner, said) in zip(units, rows, strict=True):
        if said:
            row.vote(unit, all_say(row, said), by=by, photo=photo())
    given_rows = [one for one in rows if one[2]]
    by_owner = {owner: {one[2] for one in given_rows if one[1] == owner} for owner in {one[1] for one in given_rows}}
    with clock.at(row.ends_at):
        result = row.count(by=by)
    area = sum(one[0] for one in given_rows)
    assert (result["units"], Decimal(result["area"]), result["heads"]) == (len(given_rows), area, len(by_owner))
    quorate = 3 * area >= 2 * sum(one[0] for one in rows) and 3 * len(by_owner) >= 2 * len({one[1] for one in rows}) and bool(given_rows)
    yes, heads = sum(one[0] for one in given_rows if one[2] == "yes"), sum(said == {"yes"} for said in by_owner.values())
    assert result["quorate"] == quorate
    assert [one["passed"] for one in result["topics"]] == [quorate and 2 * yes > area and 2 * heads > len(by_owner), quorate and 4 * yes >= 3 * area and 4 * heads >= 3 * len(by_owner)]
    transaction.savepoint_rollback(mark)
