"""The styleguide in a real browser, without server or database: Django renders, Chromium is handed the answer."""

from __future__ import annotations

import mimetypes
import os
from pathlib import Path

import pytest

CHROMIUM = next(
    (
        path
        for path in (
            os.environ.get("CHROMIUM", ""),
            "/usr/bin/chromium",
            "/usr/bin/chromium-browser",
            "/usr/bin/google-chrome",
        )
        if path and Path(path).exists()
    ),
    "",
)
BUILT = Path(__file__).parents[2] / "guanjia" / "web" / "static" / "built"
HOST = "http://localhost:8799"  # nobody listens there; a trustworthy origin for the browser


@pytest.fixture
def browser():
    if not CHROMIUM:
        pytest.skip("no Chromium on this machine: set CHROMIUM=/path/to/it")
    if not (BUILT / "app.css").exists():
        pytest.skip("pages are not built: run python -m ops.build_assets")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        launched = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield launched
        launched.close()


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
        page = browser.new_context(viewport={"width": width, "height": 900}, locale="zh-CN").new_page()
        page.complaints = []
        page.on("console", lambda message: message.type == "error" and page.complaints.append(message.text))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.route("**/*", answer)
        page.goto(HOST + path)
        page.wait_for_timeout(300)
        return page

    return open_page
