"""Residents sign in by phone and one-time code."""

from datetime import date, timedelta

import pytest

from guanjia import clock
from guanjia.households.models import Household, Member
from guanjia.notices.models import Sms
from guanjia.people import codes
from guanjia.people.models import Person, SignInCode
from guanjia.people.phones import e164
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.scope import ALL, estate_scope
from tests.cast import TUESDAY

MEI, NOBODY = "+8619900000001", "+8613900000099"


def sent_code():
    return Sms.objects.latest("pk").words.split("验证码 ")[1][:6]


def ask(phone=MEI, address="1.2.3.4", at=TUESDAY):
    codes.ask(phone, address, at)
    return sent_code() if Sms.objects.exists() else ""


def wrong(code):
    return f"{(int(code) + 1) % 10**6:06d}"


@pytest.mark.parametrize(
    "typed", ["13800138000", "+86 138-0013-8000", "０1380013８000"[1:], "008613800138000", " 138 0013 8000 "]
)
def test_phones_as_people_type_them(typed):
    assert e164(typed) == "+8613800138000"


@pytest.mark.parametrize("typed", ["", "1380013800", "23800138000", "+8612345678901", "abc", "138001380001"])
def test_what_is_no_phone(typed):
    with pytest.raises(ValueError):
        e164(typed)


def test_a_code_lets_in_once(cast):
    code = ask()
    assert len(code) == 6 and code.isdigit()
    assert codes.redeem(MEI, code, TUESDAY) == cast.mei
    assert codes.redeem(MEI, code, TUESDAY) is None


def test_only_a_digest_is_kept(cast):
    code = ask()
    assert code not in str(SignInCode.objects.values_list().get())


def test_a_code_lives_five_minutes(cast):
    code = ask()
    assert codes.redeem(MEI, code, TUESDAY + timedelta(minutes=5)) is None
    assert codes.redeem(MEI, code, TUESDAY + timedelta(minutes=4, seconds=59)) == cast.mei


def test_the_sixth_try_is_none(cast):
    code = ask()
    for _n in range(5):
        assert codes.redeem(MEI, wrong(code), TUESDAY) is None
    assert codes.redeem(MEI, code, TUESDAY) is None


def test_a_new_code_ends_the_old(cast):
    old = ask()
    new = ask(at=TUESDAY + timedelta(minutes=1))
    assert old == new or codes.redeem(MEI, old, TUESDAY + timedelta(minutes=2)) is None
    assert codes.redeem(MEI, new, TUESDAY + timedelta(minutes=2)) == cast.mei


@pytest.mark.parametrize("phone", [MEI, NOBODY])
def test_known_and_unknown_phones_are_answered_alike(cast, phone):
    ask(phone)
    assert SignInCode.objects.count() == 1
    with pytest.raises(Refused) as soon:
        ask(phone, at=TUESDAY + timedelta(seconds=59))
    assert soon.value.code == "too_soon"
    for minute in range(1, 5):
        ask(phone, address=f"9.9.9.{minute}", at=TUESDAY + timedelta(minutes=minute))
    with pytest.raises(Refused) as often:
        ask(phone, address="9.9.9.9", at=TUESDAY + timedelta(minutes=10))
    assert often.value.code == "too_often"
    ask(phone, address="9.9.9.9", at=TUESDAY + timedelta(minutes=61))


def test_an_unknown_phone_gets_no_message_and_no_entry(cast):
    ask(NOBODY)
    assert not Sms.objects.exists()
    for guess in ("", "000000"):
        assert codes.redeem(NOBODY, guess, TUESDAY) is None
    assert not Person.objects.filter(phone=NOBODY).exists()


def test_one_address_asks_five_times_an_hour(cast):
    for n in range(5):
        codes.ask(f"+861390000000{n}", "1.2.3.4", TUESDAY)
    with pytest.raises(Refused):
        codes.ask(MEI, "1.2.3.4", TUESDAY)
    codes.ask(MEI, "1.2.3.5", TUESDAY)


def test_the_demo_code_only_in_the_demo(cast, settings):
    assert ask() != codes.DEMO_CODE or ask(at=TUESDAY + timedelta(minutes=2)) != codes.DEMO_CODE
    settings.DEMO = True
    assert ask(at=TUESDAY + timedelta(minutes=4)) == codes.DEMO_CODE


def newcomer(cast, phone="13700000001", estate=None, **more):
    estate = estate or cast.sunny
    with estate_scope(estate):
        home = Household.objects.create(estate=estate, number=f"N{estate.pk}", name="新住户")
        return Member.objects.create(
            estate=estate, household=home, number=f"N{estate.pk}", name="新住户", phone=phone, **more
        )


def test_the_first_sign_in_makes_the_person_at_every_estate(cast):
    """HSE-02: one resident, two homes, one sign-in; the register's spelling does not matter."""
    here, there = newcomer(cast), newcomer(cast, "+8613700000001", cast.lake)
    person = codes.redeem("+8613700000001", ask("+8613700000001"), TUESDAY)
    assert (person.kind, person.name, person.has_usable_password()) == ("resident", "新住户", False)
    with estate_scope(ALL):
        for member in (here, there):
            member.refresh_from_db()
            assert member.login_id == person.pk


def test_who_moved_out_is_nobody(cast):
    newcomer(cast, left_on=date(2026, 1, 1))
    ask("+8613700000001")
    assert not Sms.objects.exists()


def test_a_deactivated_resident_gets_no_code(cast):
    newcomer(cast)
    person = codes.redeem("+8613700000001", ask("+8613700000001"), TUESDAY)
    Person.objects.filter(pk=person.pk).update(is_active=False)
    Sms.objects.all().delete()
    ask("+8613700000001", at=TUESDAY + timedelta(minutes=2))
    assert not Sms.objects.exists()


def test_whoever_gets_an_old_number_sees_nobodys_home(cast):
    """HSE-14: the register has a new number for her; the old one's sign-in lets go of her home."""
    Member.objects.filter(login=cast.mei).update(phone="+8613700000009")
    newcomer(cast, MEI)
    with clock.at(TUESDAY):
        person = codes.redeem(MEI, ask(), TUESDAY)
    homes = Member.objects.homes_of(person, cast.sunny)
    assert cast.meis.pk not in [household for household, _unit in homes]


def test_staff_who_live_here_sign_in_as_residents_beside(cast):
    Person.objects.filter(pk=cast.zhou.pk).update(phone="+8613700000001")
    newcomer(cast)
    person = codes.redeem("+8613700000001", ask("+8613700000001"), TUESDAY)
    assert person != cast.zhou and person.kind == "resident"
    assert (
        codes.redeem(
            "+8613700000001", ask("+8613700000001", at=TUESDAY + timedelta(minutes=2)), TUESDAY + timedelta(minutes=2)
        )
        == person
    )
