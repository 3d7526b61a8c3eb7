"""When the database is away or too busy: 503 and a page that says so; every other failure is 500 (design §6)."""

from __future__ import annotations

import pytest
from django.db import InterfaceError, OperationalError
from django.test import Client

from guanjia.people.views import door
from tests.tickets.test_staff_pages import text


@pytest.mark.parametrize(("trouble", "status", "words"), [
    (OperationalError("server closed the connection"), 503, "数据库暂时连不上"),
    (InterfaceError("connection already closed"), 503, "数据库暂时连不上"),
    (ValueError("a bug"), 500, "系统出了问题"),
])  # fmt: skip
def test_a_page_that_fails_says_what_to_do(cast, monkeypatch, trouble, status, words):
    def fail(*_args):
        raise trouble

    monkeypatch.setattr(door, "_by_password", fail)
    answer = Client(raise_request_exception=False).post("/sign-in/", {"way": "staff", "username": "ming", "password": "x"})
    assert answer.status_code == status and words in text(answer)
    assert answer.headers.get("Retry-After") == ("10" if status == 503 else None)


def test_a_wrong_password_is_no_form_to_mend(cast):
    answer = Client().post("/sign-in/", {"way": "staff", "username": "ming", "password": "x"})
    assert answer.status_code == 422 and "没有登录" in text(answer) and "用户名或密码不对" in text(answer)
    assert "请改好下面几处" not in text(answer)
