"""Jira's wiki markup: shown as HTML, and read back in the spelling of Jira Cloud."""

from collections.abc import Container

from markupsafe import Markup

from jira_sandbox.wiki.blocks import parse
from jira_sandbox.wiki.html import FileLink, IssueLink, Links, to_html
from jira_sandbox.wiki.images import with_images
from jira_sandbox.wiki.writing import to_markup

__all__ = ["FileLink", "IssueLink", "Links", "normalise", "render"]


def render(text: str, *, links: Links | None = None) -> Markup:
    """The text as safe HTML: everything typed is escaped, only what `links` knows becomes a link or an image."""
    return to_html(parse(text), links or Links())


def normalise(text: str, *, attached: Container[str]) -> str:
    """The text as Jira Cloud gives it back after keeping it as a document: it shows the same and is spelled anew.

    Cloud converts wiki markup sent through REST v2 and converts it back on reading, so what is read is seldom what was
    written: blank lines, escapes, spacing of tables and lists, colours and unknown macros change. Images are of the
    files that are `attached` now; any other is no image, then or later.
    """
    return to_markup(with_images(parse(text), attached))
