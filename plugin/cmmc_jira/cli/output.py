"""What commands print: one JSON document or a text on standard output, everything else on standard error."""

import json
from collections.abc import Mapping
from typing import Any

import click
from rich.console import Console

from cmmc_jira.errors import CmmcJiraError


def print_json(document: Mapping[str, Any] | list[Any]) -> None:
    """Print one JSON document on standard output."""
    click.echo(json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False))


def print_text(text: str) -> None:
    """Print a text for people on standard output."""
    click.echo(text.rstrip("\n"))


def complain(error: CmmcJiraError) -> None:
    """Tell what is wrong on standard error, one sentence a line."""
    for sentence in str(error).splitlines():
        click.echo(f"cmmc-jira: {sentence}", err=True)


def remark(text: str) -> None:
    """Say something on standard error, where it is in nobody's way."""
    click.echo(text, err=True)


def progress() -> Console:
    """The console for progress and remarks: standard error, so that standard output stays clean."""
    return Console(stderr=True, highlight=False, soft_wrap=True)
