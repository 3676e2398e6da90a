"""What the browser tests share: one demo, one browser, and for each test a person whose page is kept if it fails."""

import re
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser

from browser.chromium import MISSING, chromium, executable
from browser.demo import demo
from browser.person import Person

EVIDENCE: Final = Path(__file__).resolve().parents[2] / "build" / "browser"


def pytest_sessionstart() -> None:
    """End at once where there is no browser."""
    if executable() is None:
        pytest.exit(MISSING, returncode=1)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Keep what a person saw when a test failed."""
    report = yield
    person = getattr(item, "funcargs", {}).get("person")
    if report.failed and report.when == "call" and person is not None:
        folder = EVIDENCE / re.sub(r"\W+", "-", item.name)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "page.html").write_text(person.page.content(), encoding="utf-8")
        person.page.screenshot(path=folder / "page.png", full_page=True)
        report.sections.append(("What the person saw", f"{person.page.url}: page.png and page.html in {folder}"))
    return report


@pytest.fixture(scope="session")
def home() -> Iterator[str]:
    """Return the address of a demo that serves."""
    EVIDENCE.mkdir(parents=True, exist_ok=True)
    with demo(EVIDENCE / "demo.log") as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Return a browser that runs."""
    with chromium(str(executable())) as running:
        yield running


@pytest.fixture(params=[(1280, 900)], ids=["desktop"])
def screen(request: pytest.FixtureRequest) -> tuple[int, int]:
    """Return the width and height of the person's screen."""
    size: tuple[int, int] = request.param
    return size


@pytest.fixture
def person(browser: Browser, home: str, screen: tuple[int, int]) -> Iterator[Person]:
    """Return a person at the first page, in whose browser nothing may go wrong."""
    width, height = screen
    with browser.new_context(viewport={"width": width, "height": height}) as context:
        someone = Person(context.new_page(), home)
        someone.open("/")
        yield someone
        assert someone.mishaps == []
