"""Browser tests stand on this: one Chromium, pages that are only touched once their scripts have run.

A page says so itself (`<html data-ready>`, the end of assets/js/app.js). Pages opened here wait for that mark after every
navigation, whether by `goto`, `reload` or a click. Assert with `expect(…)`, which waits, never on what stands there now.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
ARTIFACTS = ROOT / "artifacts"
BUILT = ROOT / "guanjia" / "web" / "static" / "built"
USUAL = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
CHROMIUM = next((path for path in (os.environ.get("CHROMIUM", ""), *USUAL) if path and Path(path).exists()), "")
SLOWER = float(os.environ.get("BROWSER_SLOWER") or 1)  # times: how much slower the browser's processor shall be
READY = "html[data-ready]"
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1440, "height": 900}
needs_browser = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium on this machine: set CHROMIUM=/path/to/it"),
    pytest.mark.skipif(not (BUILT / "app.css").exists(), reason="pages are not built: run python -m ops.build_assets"),
]


@contextmanager
def chromium() -> Iterator[Any]:
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=30_000)  # ms: a busy machine is slow, not wrong
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"])
        yield browser
        browser.close()


def new_page(context: Any, *, waits: bool = True) -> Any:
    """A page of the context that waits for its scripts; what went wrong in it stands in `page.trouble`."""
    page = context.new_page()
    page.trouble = []
    page.on("pageerror", lambda error: page.trouble.append(str(error)))
    if SLOWER > 1:
        context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    if waits:
        page.add_locator_handler(page.locator("html:not([data-ready])"), lambda: wait_ready(page))
        page.goto, page.reload = _then_ready(page, page.goto), _then_ready(page, page.reload)
    return page


def wait_ready(page: Any) -> None:
    """For what no locator does, such as keys: after a click that leads to another page."""
    page.wait_for_selector(READY, state="attached")


def _then_ready(page: Any, navigate: Any) -> Any:
    def go(*args: Any, **kwargs: Any) -> Any:
        try:
            answer = navigate(*args, **kwargs)
        except Exception as aborted:  # the page was just then leaving by itself: when the signal is back it looks anew
            if "ERR_ABORTED" not in str(aborted):
                raise
            answer = navigate(*args, **kwargs)
        wait_ready(page)
        return answer

    return go


def sign_in(context: Any, client: Any, person: Any, address: str) -> None:
    client.force_login(person)
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": address}])


def agreed(page: Any, button: str) -> None:
    """Press what asks before it does something that cannot be called back, and say yes."""
    page.once("dialog", lambda asked: asked.accept())
    page.get_by_role("button", name=button).click()


def draw(page: Any, within: Any = None) -> None:
    """A stroke on the signature pad (of a form, where a page has several)."""
    pad = (within or page).locator("canvas")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 120, box["y"] + 50, steps=4)
    page.mouse.up()


def picture(page: Any, name: str, *, full: bool = True) -> None:
    """Leave a picture in artifacts/; nothing may hang over the edge."""
    from playwright.sync_api import Error

    ARTIFACTS.mkdir(exist_ok=True)
    page.bring_to_front()  # a page behind another may draw no frame
    try:
        page.screenshot(path=ARTIFACTS / f"{name}.png", full_page=full)
    except Error:  # a busy machine's browser drops a frame now and then
        page.screenshot(path=ARTIFACTS / f"{name}.png", full_page=full)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{name} is wider than its screen"
