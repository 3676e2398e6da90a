"""A person at the pages: clicks and types, reads what is shown, and notices what goes wrong in the browser."""

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from playwright.sync_api import ConsoleMessage, FilePayload, Locator, Page, expect

_PATIENCE_SECONDS: Final = 60.0
_GLANCE_MILLISECONDS: Final = 500.0
_FIRST_REFUSAL: Final = 400
_LEFT: Final = "net::ERR_ABORTED"  # the page was left before everything on it had arrived

_PICTURE: Final = re.compile(r"/secure/attachment/\d+/closeout-burndown-\w+\.png")


@dataclass(slots=True)
class Person:
    """Somebody with a page; `mishaps` are the console's errors, failed requests and refused answers so far."""

    page: Page
    home: str
    mishaps: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", lambda said: self._note(said.type in {"error", "warning"}, _said(said)))
        self.page.on("pageerror", lambda error: self._note(True, f"script: {error}"))  # noqa: FBT003 - always one
        self.page.on(
            "requestfailed",
            lambda request: self._note(request.failure != _LEFT, f"{request.failure}: {request.url}"),
        )
        self.page.on(
            "response", lambda answer: self._note(answer.status >= _FIRST_REFUSAL, f"{answer.status}: {answer.url}")
        )

    def _note(self, wrong: bool, what: str) -> None:  # noqa: FBT001 - what the four lines above decide
        if wrong:
            self.mishaps.append(what)

    def _forget_what_was_replaced(self) -> None:
        """Forget that a picture could not be loaded where the page, read while it was replaced, shows another now."""
        shown = self.page.content()
        self.mishaps = [what for what in self.mishaps if not (old := _PICTURE.search(what)) or old[0] in shown]

    @property
    def today(self) -> date:
        """The day that the pages show."""
        return date.fromisoformat(self.page.locator("#sandbox-clock strong").inner_text().split()[1])

    @property
    def key(self) -> str:
        """The key of the issue that is open."""
        return self.page.url.partition("/browse/")[2].partition("#")[0]

    def open(self, path: str) -> None:
        """Go to an address."""
        self.page.goto(f"{self.home}{path}")

    def press(self, name: str, *, within: Locator | None = None) -> None:
        """Press a button, and wait for the page that follows."""
        self.follow((within or self.page.locator("body")).get_by_role("button", name=name, exact=True))

    def follow(self, control: Locator) -> None:
        """Click what leads to another page, and wait for that."""
        with self.page.expect_navigation():
            control.click()

    def link(self, name: str | re.Pattern[str]) -> Locator:
        """Return the first link of a name in the main part of the page."""
        return self.page.locator("main").get_by_role("link", name=name).first

    def become(self, name: str) -> None:
        """Act as somebody from now on."""
        self.page.get_by_label("You are").select_option(label=name)
        self.press("Switch")

    def create(self, kind: str, fields: Mapping[str, str]) -> str:
        """Create an issue by the form, and return its key."""
        self.follow(self.page.get_by_role("link", name="Create", exact=True))
        self.follow(self.link(re.compile(f"^{kind}")))
        form = self.page.locator("form.tall")
        for label, text in fields.items():
            _enter(form.get_by_label(re.compile(rf"^{re.escape(label)}( required)?$")), text)
        self.press("Create", within=form)
        return self.key

    def attach(self, name: str, text: str) -> None:
        """Attach a file to the issue that is open."""
        file: FilePayload = {"name": name, "mimeType": "text/csv", "buffer": text.encode()}
        self.page.get_by_label("Add files").set_input_files(file)
        self.press("Attach")

    def set(self, name: str, text: str) -> None:
        """Set a field of the issue that is open."""
        row = self.field(name)
        if not row.is_visible():
            self.page.get_by_text("Empty fields").click()
        row.locator("summary", has_text=f"Edit {name}").click()
        _enter(row.get_by_label(name, exact=True), text)
        self.press("Save", within=row)

    def field(self, name: str) -> Locator:
        """Return the line of a field in the details of the issue that is open."""
        return self.page.locator(".detail").filter(has=self.page.locator("dt", has_text=re.compile(f"^{name}$")))

    def waits_for(self, shown: Locator) -> None:
        """Look at the page again and again until something is shown, as long as a person would."""
        begun = time.monotonic()
        while time.monotonic() - begun < _PATIENCE_SECONDS:
            try:
                expect(shown).to_be_visible(timeout=_GLANCE_MILLISECONDS)
            except AssertionError:
                self.page.reload()
            else:
                self._forget_what_was_replaced()
                return
        expect(shown).to_be_visible(timeout=_GLANCE_MILLISECONDS)

    def lets_time_pass_to_notice(self) -> None:
        """Press the button that goes on day by day until somebody comments, and wait for that."""
        self.press("Next notice")
        expect(self.page.locator("p.note")).to_contain_text("went by", timeout=_PATIENCE_SECONDS * 1000)

    def unfold(self) -> None:
        """Open everything that can be opened on the page."""
        self.page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true })")

    def overflow(self) -> int:
        """Return by how many pixels the page is wider than the screen."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def _said(message: ConsoleMessage) -> str:
    return f"{message.type}: {message.text} {message.location['url']}"


def _enter(control: Locator, text: str) -> None:
    if control.evaluate("element => element.tagName") == "SELECT":
        control.select_option(label=text)
    else:
        control.fill(text)
