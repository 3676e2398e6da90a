"""Where secrets could come out: the log, the database, and the queries that are put together from names."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmmc_jira.adapters.log import configure_log
from cmmc_jira.core.jql import quoted
from jira_sandbox import jql
from support.served import SECRET, Served

TOKEN = "t" * 40


@pytest.fixture
def restored() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    levels = {
        name: logger.level for name, logger in root.manager.loggerDict.items() if isinstance(logger, logging.Logger)
    }
    yield
    root.handlers[:], root.level = handlers, level
    for name, kept in levels.items():
        logging.getLogger(name).setLevel(kept)


@pytest.mark.usefixtures("restored")
def test_the_calendars_token_is_in_no_line_of_the_log(capsys: pytest.CaptureFixture[str]) -> None:
    configure_log("DEBUG")
    for logger in ("waitress", "waitress.queue", "werkzeug", "cmmc_jira.web", "anything"):
        for level in (logging.DEBUG, logging.INFO, logging.ERROR):
            logging.getLogger(logger).log(level, "Exception while serving /calendar/%s/CMMC-1.ics", TOKEN)
    logging.getLogger("waitress").info("Client disconnected while serving /calendar/%s/CMMC-1.ics", TOKEN)
    lines = capsys.readouterr().err
    assert TOKEN not in lines
    assert "Exception while serving /calendar/…/CMMC-1.ics" in lines
    assert "Client disconnected" not in lines


def test_the_database_holds_nothing_that_was_sent(tmp_path: Path) -> None:
    served = Served(tmp_path, calendar_token=TOKEN)
    words = "the assessor wrote this of the enclave"
    issue = {"id": "10001", "fields": {"issuetype": {"name": "CMMC Assessment"}, "project": {"key": "CMMC"},
             "summary": words, "labels": [words]}}  # fmt: skip
    sent = {"webhookEvent": "jira:issue_updated", "issue": issue, "user": {"displayName": words}}
    assert served.deliver(sent).status_code == 202
    token = served.state.service_user().token
    served.service.stop()
    held = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert b"10001" in held
    assert not [text for text in (words, SECRET, TOKEN, token) if text.encode() in held]


@given(name=st.text(alphabet=st.characters(codec="utf-8"), max_size=40))
def test_no_name_gets_out_of_its_place_in_a_query(name: str) -> None:
    query = jql.parse(f"project = {quoted(name)} AND labels = {quoted('cmmc')}")
    again = jql.parse(f"project = {quoted('plain')} AND labels = {quoted('cmmc')}")
    assert repr(query).count("Clause(") == repr(again).count("Clause(") == 2
