"""The bytes of a file that is named on the command line, or of standard input."""

import stat
import sys
from pathlib import Path
from typing import BinaryIO

from cmmc_jira.errors import BadFindings
from cmmc_jira.findings.file import MAX_BYTES

STANDARD_INPUT = "standard input"


def name_of(given: str) -> str:
    """The name by which messages speak of what was given."""
    return STANDARD_INPUT if given == "-" else Path(given).name or given


def read_source(given: str) -> bytes:
    """The bytes of the file of this name, or of standard input for `-`: at least one, and no more than are read."""
    if given == "-":
        return _bounded(STANDARD_INPUT, sys.stdin.buffer)
    path = Path(given)
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise BadFindings(f"{given}: this is a folder; give one file in it")
        with path.open("rb") as file:
            return _bounded(name_of(given), file)
    except FileNotFoundError:
        raise BadFindings(f"{given}: there is no such file; check the name and the folder") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "the name is not a file's"
        raise BadFindings(f"{given}: this file cannot be read ({reason}); check that you may read it") from None


def _bounded(name: str, file: BinaryIO) -> bytes:
    content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        most = MAX_BYTES // 1024 // 1024
        raise BadFindings(f"{name}: this is larger than {most} MiB, which no findings file is; give the findings alone")
    if not content.strip():
        raise BadFindings(f"{name}: this file is empty; `cmmc-jira template` writes one to fill in")
    return content
