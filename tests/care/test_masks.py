"""HSE-14, CF-20, CF-64: every page of the house, walked by whoever may open it, shows no number, no identity and no health note in clear."""

from __future__ import annotations

import pytest
from django.urls import reverse

from guanjia.households.models import Consent, Member, Need
from tests.test_house import OWN, all_paths

pytestmark = pytest.mark.django_db
SECRETS = ("19900000001", "510101199001011234", "听障二级")
ABOUT = {"care:home", "care:timeline"}  # addresses that name a household
# One of each kind of reach: nobody's business, another zone, the own zone, the whole estate.
WHO = ("zhou", "fang", "ming", "qian")


@pytest.fixture
def told(cast):
    """A ticket with the caller's number, an identity number, a sealed need, a changed number."""
    from guanjia.tickets.models import Ticket

    ming, mei = cast.as_("ming"), Member.objects.select_related("estate", "household__estate").get(name="梅女士")
    Member.objects.filter(pk=mei.pk).update(identity=SECRETS[1])
    Consent.objects.give(mei, "health", "paper", by=ming)
    Need.objects.add(cast.meis, "disability", SECRETS[2], by=ming, member=mei)
    Ticket.objects.report(
        by=cast.as_("mei"), estate=cast.sunny, words="漏水", unit=cast.home, household_id=cast.meis.pk, reporter_phone="+8619900000001"
    )  # fmt: skip
    return cast


@pytest.mark.parametrize("who", WHO)
def test_no_page_shows_a_secret(told, client, who):
    client.force_login(getattr(told, who))
    views = {name: entry.callback for name, entry in OWN}
    opened = 0
    for name, path in all_paths():
        if not path.startswith("/e/sunny/") or "xlsx" in path or name.split(":")[0] in ("billing", "collection"):
            continue  # money has its own walk
        if not getattr(views[name], "needs", None):
            continue
        path = reverse(name, args=["sunny", told.meis.pk]) if name in ABOUT else path
        answer = client.get(path)
        if answer.status_code == 200 and not answer.streaming:
            opened += 1
            text = answer.content.decode(errors="ignore")
            assert not [secret for secret in SECRETS if secret in text], (who, name)
    assert opened > 8, who
