import logging
from collections.abc import Iterator

import pytest

from cmmc_jira.adapters.log import configure_log
from cmmc_jira.service.run import RUN


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    names = ("atlassian", "urllib3", "requests", "apscheduler", "sqlalchemy", "waitress.queue", "werkzeug")
    levels = {name: logging.getLogger(name).level for name in names}
    yield
    root.handlers[:], root.level = handlers, level
    for name, kept in levels.items():
        logging.getLogger(name).setLevel(kept)


def test_a_line_names_its_part_and_its_run(capsys: pytest.CaptureFixture[str]) -> None:
    configure_log("INFO")
    token = RUN.set("10001/3/7")
    logging.getLogger("cmmc_jira.service.worker").info("look key=%s", "10001")
    RUN.reset(token)
    logging.getLogger("cmmc_jira.web").debug("not shown")
    line = capsys.readouterr().err
    assert "level=INFO part=service.worker run=10001/3/7 look key=10001\n" in line
    assert line.count("\n") == 1


def test_nothing_logged_can_look_like_a_line_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    configure_log("INFO")
    logging.getLogger("cmmc_jira").warning("key=%s", "1\nlevel=ERROR forged\u2028more")
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_the_client_never_logs_bodies_even_at_debug(capsys: pytest.CaptureFixture[str]) -> None:
    configure_log("DEBUG")
    for name in ("atlassian.rest_client", "urllib3.connectionpool", "requests"):
        logging.getLogger(name).debug("a whole body")
        logging.getLogger(name).info("a whole body")
    assert capsys.readouterr().err == ""
