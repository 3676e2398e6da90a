"""Log lines as `key=value`, each with the run it belongs to; what people wrote, and tokens, never get here."""

import logging
import re
import sys
from typing import Final

from cmmc_jira.service.run import RUN

FORMAT: Final = "time=%(asctime)s level=%(levelname)s part=%(part)s run=%(run)s %(message)s"

_TALKATIVE: Final = ("atlassian", "urllib3", "requests", "sqlalchemy", "waitress", "werkzeug")
"""At DEBUG or INFO these log whole bodies, or addresses with queries and secrets."""


_FEED: Final = re.compile(r"(/calendar/)[^/\s]+")
"""The calendar feed's address holds its token; a server that fails logs the address."""


def configure_log(level: str) -> None:
    """Send our log lines to standard error from this level on; other libraries speak from WARNING on, or later."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_OneLine(FORMAT, datefmt="%Y-%m-%dT%H:%M:%S%z"))
    handler.addFilter(_placed)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a tick left out because one is under way is no news


def _placed(record: logging.LogRecord) -> bool:
    record.run = RUN.get()
    record.part = record.name.removeprefix("cmmc_jira.")
    return True


class _OneLine(logging.Formatter):
    """Keeps a record on one line, so that nothing logged can look like another line, and secret addresses out of it."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as one line."""
        return _FEED.sub(r"\1…", " ".join(super().format(record).splitlines()))
