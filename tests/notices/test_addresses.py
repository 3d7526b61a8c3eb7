"""The house never calls its own network (SSRF)."""

import socket

import pytest

from guanjia.notices import addresses, posting
from guanjia.notices.addresses import BadAddress, check_form, resolve
from guanjia.notices.models import Subscription
from guanjia.notices.ports import NotSent
from guanjia.tenancy.errors import NotAllowed, Refused


@pytest.fixture(autouse=True)
def guarded(settings):
    settings.WEBHOOKS_TO_PRIVATE = False


def answers(monkeypatch, *found):
    monkeypatch.setattr(
        addresses.socket,
        "getaddrinfo",
        lambda host, port, **_k: [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found],
    )


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/", "ftp://example.com/", "file:///etc/passwd", "https://", "example.com", "", "https://user:pw@example.com/",
        "https://127.0.0.1/", "https://[::1]/", "https://10.0.0.1/", "https://192.168.1.1:8443/", "https://172.16.0.1/", "https://169.254.169.254/",
        "https://[::ffff:127.0.0.1]/", "https://[fd00::1]/", "https://[fe80::1]/", "https://0.0.0.0/", "https://100.64.0.1/",
        "https://[64:ff9b::7f00:1]/", "https://[2002:7f00:1::]/", "https://224.0.0.1/", "https://localhost/", "https://db.internal/",
        "https://printer.local/", "https://intranet/", "https://example.com:99999/", "https://exa mple.com/",
    ],
)  # fmt: skip
def test_refused_by_their_form(cast, url):
    with pytest.raises(BadAddress):
        check_form(url)
    with pytest.raises(Refused):
        Subscription.objects.subscribe(url, ["ticket.done"], by=cast.as_("qian"))


@pytest.mark.parametrize("found", ["127.0.0.1", "10.1.2.3", "::1", "169.254.169.254", "0.0.0.0", "fe80::1%eth0"])
def test_a_public_name_that_leads_inside_is_refused_when_called(monkeypatch, found):
    answers(monkeypatch, "93.184.216.34", found)
    with pytest.raises(BadAddress):
        resolve("https://example.com/hook")
    with pytest.raises(NotSent) as failed:
        posting.send(posting.Parcel("https://example.com/hook", "1", b"{}", ""))
    assert failed.value.for_good


@pytest.mark.parametrize("odd", ["https://2130706433/", "https://0x7f.1/", "https://0177.0.0.1/"])
def test_odd_spellings_of_loopback_are_caught_where_they_lead(monkeypatch, odd):
    answers(monkeypatch, "127.0.0.1")
    with pytest.raises(BadAddress):
        resolve(odd)


def test_the_connection_goes_to_the_address_that_was_checked(monkeypatch):
    """A name that changes its mind a moment later leads nowhere: it is asked once."""
    answers(monkeypatch, "93.184.216.34")
    seen = {}

    class Client:
        def __init__(self, **options):
            seen["options"] = options

        def __enter__(self):
            return self

        def __exit__(self, *_words):
            pass

        def stream(self, method, target, **more):
            seen.update(target=target, **more)
            raise posting.httpx.ConnectError("seen enough")

    monkeypatch.setattr(posting.httpx, "Client", Client)
    with pytest.raises(NotSent):
        posting.send(posting.Parcel("https://example.com:8443/hook?a=b", "7", b"{}", "t=1"))
    assert seen["target"] == "https://93.184.216.34:8443/hook?a=b"
    assert seen["headers"]["Host"] == "example.com:8443" and seen["extensions"] == {"sni_hostname": "example.com"}
    assert seen["options"]["follow_redirects"] is False and seen["options"]["trust_env"] is False


def test_a_name_that_is_not_found_may_be_found_later(monkeypatch):
    def fails(*_words, **_more):
        raise socket.gaierror("no such name")

    monkeypatch.setattr(addresses.socket, "getaddrinfo", fails)
    with pytest.raises(NotSent) as failed:
        posting.send(posting.Parcel("https://example.com/", "1", b"{}", ""))
    assert not failed.value.for_good


def test_only_who_may_change_rules_subscribes(cast):
    with pytest.raises(NotAllowed):
        Subscription.objects.subscribe("https://example.com/", ["ticket.done"], by=cast.as_("ming"))
    with pytest.raises(Refused):
        Subscription.objects.subscribe("https://example.com/", [], by=cast.as_("qian"))
