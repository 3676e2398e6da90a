"""What commands print: one JSON document or a text on standard output, everything else on standard error."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from cmmc_jira.errors import BadSetting, CmmcJiraError


def print_json(document: Mapping[str, Any] | list[Any]) -> None:
    """Print one JSON document on standard output."""
    click.echo(json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False))


def print_text(text: str) -> None:
    """Print a text for people on standard output."""
    click.echo(text.rstrip("\n"))


def complain(error: CmmcJiraError) -> None:
    """Tell what is wrong on standard error, one sentence a line, with nothing in it that could steer a terminal."""
    for sentence in str(error).splitlines():
        click.echo(f"cmmc-jira: {''.join(each if each.isprintable() else ' ' for each in sentence)}", err=True)


def remark(text: str) -> None:
    """Say something on standard error, where it is in nobody's way."""
    click.echo(text, err=True)


def write_file(option: str, name: str, content: bytes, *, force: bool) -> None:
    """Write the file that an option names; one that exists is kept unless `force`."""
    try:
        with Path(name).open("wb" if force else "xb") as file:
            file.write(content)
    except FileExistsError:
        raise BadSetting(f"{option} {name}: this file exists; give another name, or --force to overwrite it") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "the name is not a file's"
        raise BadSetting(f"{option} {name}: this file cannot be written ({reason}); give another name") from None


def progress() -> Console:
    """The console for progress and remarks: standard error, so that standard output stays clean."""
    return Console(stderr=True, highlight=False, soft_wrap=True)
