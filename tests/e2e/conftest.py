"""The room of the browser tests: the small world, and a page of their own for everybody who takes part."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.db import connections
from django.test import Client

from tests.browsing import DESK, chromium, new_page, sign_in
from tests.cast import build_cast


@pytest.fixture
def world(transactional_db, tmp_path, settings, monkeypatch):
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # playwright runs a loop in this thread
    settings.MEDIA_ROOT = tmp_path / "media"
    cache.clear()
    return build_cast()


@pytest.fixture
def opened(world, live_server):
    """`opened("mei", PHONE)` → a page on a new device, signed in as that person; without a name signed out. None may have had trouble."""
    pages = []
    with chromium() as browser:

        def open_page(name="", size=DESK, *, waits=True, **more):
            context = browser.new_context(base_url=live_server.url, locale="zh-CN", viewport=size, **more)
            if name:
                sign_in(context, Client(), getattr(world, name), live_server.url)  # a client each: the next would end the session before
            pages.append(new_page(context, waits=waits))
            return pages[-1]

        yield open_page
        connections.close_all()  # those opened while playwright's loop runs are nobody else's to close
    assert not [trouble for page in pages for trouble in page.trouble]
