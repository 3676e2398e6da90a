"""A browser without scripts: loads pages of a Flask application, fills their forms in and sends them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, Tag
from flask import Flask
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

Texts = str | Sequence[str]


@dataclass(frozen=True, slots=True)
class Page:
    """An answer, read as HTML."""

    status: int
    address: str
    headers: Mapping[str, str]
    soup: BeautifulSoup

    @property
    def text(self) -> str:
        """What a person reads, with runs of blanks as one."""
        return " ".join(self.soup.get_text(" ").split())

    def all(self, selector: str) -> list[str]:
        """The texts of the elements that a CSS selector finds."""
        return [" ".join(found.get_text(" ").split()) for found in self.soup.select(selector)]

    def one(self, selector: str) -> Tag:
        """The first element that a CSS selector finds."""
        found = self.soup.select_one(selector)
        assert found is not None, f"There is no {selector} on {self.address}."
        return found

    def form(self, action: str, holding: str = "") -> Tag:
        """The form that goes to an address and, where one is named, holds a control of that name."""
        for form in self.soup.find_all("form"):
            names = {control.get("name") for control in form.find_all(["input", "select", "textarea", "button"])}
            if form["action"] == action and (not holding or holding in names):
                return form
        raise AssertionError(f"There is no form to {action} with {holding!r} on {self.address}.")


class Browser:
    """One person at the pages, with a cookie jar of their own."""

    def __init__(self, app: Flask) -> None:
        self.client = app.test_client()

    def open(self, address: str) -> Page:
        """The page at an address, redirects followed."""
        return _read(self.client.get(address, follow_redirects=True))

    def send(self, form: Tag, entered: Mapping[str, Texts | tuple[bytes, str]], *, press: str = "") -> Page:
        """The page after a form was sent with these entries; `press` is the value of the button pressed."""
        data: MultiDict[str, object] = MultiDict()
        for control in form.find_all(["input", "select", "textarea"]):
            name = str(control.get("name", ""))
            for value in _standing(control) if name not in entered else ():
                data.add(name, value)
        for name, value in entered.items():
            for one in value if isinstance(value, list) else [value]:
                data.add(name, (BytesIO(one[0]), one[1]) if isinstance(one, tuple) else one)
        for button in form.find_all("button"):
            if button.get("name") and press in (button.get("value"), ""):
                data.setdefault(str(button["name"]), button["value"])
        return _read(self.client.post(str(form["action"]), data=data, follow_redirects=True))


def _standing(control: Tag) -> list[str]:
    """What a control sends when nobody touches it."""
    if control.name == "textarea":
        return [control.get_text().removeprefix("\n")]
    if control.name == "select":
        options = control.find_all("option")
        chosen = [option for option in options if option.has_attr("selected")] or options[:1]
        return [str(option.get("value", option.get_text())) for option in chosen]
    if control.get("type") == "checkbox":
        return [str(control["value"])] if control.has_attr("checked") else []
    return [] if control.get("type") == "file" else [str(control.get("value", ""))]


def _read(response: TestResponse) -> Page:
    parts = urlsplit(response.request.url)
    address = parts.path + (f"?{parts.query}" if parts.query else "")
    soup = BeautifulSoup(response.get_data(as_text=True), "html.parser")
    return Page(response.status_code, address, dict(response.headers), soup)
