"""The styleguide in a real browser, without server or database: Django renders, Chromium is handed the answer."""

from __future__ import annotations

import mimetypes

import pytest

from tests.browsing import BUILT, CHROMIUM, chromium, new_page

HOST = "http://localhost:8799"  # nobody listens there; a trustworthy origin for the browser


@pytest.fixture
def browser():
    if not CHROMIUM:
        pytest.skip("no Chromium on this machine: set CHROMIUM=/path/to/it")
    if not (BUILT / "app.css").exists():
        pytest.skip("pages are not built: run python -m ops.build_assets")
    with chromium() as launched:
        yield launched


@pytest.fixture
def look_at(browser, client, settings):
    """`look_at("/styleguide/", width=390, theme="dark", type="large")` → a page, its complaints in `page.complaints`."""
    settings.DEMO = True
    settings.ALLOWED_HOSTS = ["*"]

    def answer(route) -> None:
        path = route.request.url.removeprefix(HOST).partition("?")[0]
        if path.startswith("/static/built/"):
            file = BUILT / path.rsplit("/", 1)[1]
            route.fulfill(body=file.read_bytes(), content_type=mimetypes.guess_type(file.name)[0])
        elif path == "/favicon.ico":
            route.fulfill(status=204)
        else:
            said = client.get(path)
            route.fulfill(status=said.status_code, headers=dict(said.headers.items()), body=b"".join(said.streaming_content) if said.streaming else said.content)

    def open_page(path: str, *, width: int = 1440, theme: str = "light", type: str = "normal"):
        client.cookies.load({"theme": theme, "type": type})
        page = new_page(browser.new_context(viewport={"width": width, "height": 900}, locale="zh-CN"))
        page.complaints = []
        page.on("console", lambda message: message.type == "error" and page.complaints.append(message.text))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.route("**/*", answer)
        page.goto(HOST + path)
        return page

    return open_page
