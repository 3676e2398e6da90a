"""`cmmc-jira sandbox` as a process of its own: it says where it is, answers, and ends when it is told to."""

import json
import signal
import subprocess
import sys
from collections.abc import Sequence

import pytest
import requests


def start(options: Sequence[str]) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", "from cmmc_jira.cli.main import main; main()", "sandbox", *options]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)  # noqa: S603 - our own command


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_it_prints_one_line_when_it_answers_and_ends_cleanly(stop: signal.Signals) -> None:
    with start(["--port", "0", "--json"]) as process:
        assert process.stdout is not None
        where = json.loads(process.stdout.readline())
        assert where.keys() == {"url", "user", "token", "project", "webhook_secret"}
        myself = requests.get(f"{where['url']}/rest/api/2/myself", auth=(where["user"], where["token"]), timeout=30)
        assert myself.json()["emailAddress"] == where["user"]
        process.send_signal(stop)
        out, errors = process.communicate(timeout=60)
    assert (process.returncode, out, errors) == (0, "", "")


def test_a_data_center_takes_its_token_as_a_bearers() -> None:
    with start(["--port", "0", "--json", "--flavour", "datacenter"]) as process:
        assert process.stdout is not None
        where = json.loads(process.stdout.readline())
        told = {"Authorization": f"Bearer {where['token']}"}
        myself = requests.get(f"{where['url']}/rest/api/2/myself", headers=told, timeout=30)
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
    assert myself.json()["name"] == where["user"] == "service"


def test_without_json_the_line_is_for_people() -> None:
    with start(["--port", "0"]) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
    assert line.startswith("Jira sandbox at http://127.0.0.1:")
    assert "project CMMC" in line


def test_an_address_that_is_none_is_refused_in_a_sentence() -> None:
    with start(["--host", "256.0.0.1", "--port", "0"]) as process:
        out, errors = process.communicate(timeout=60)
    assert (process.returncode, out) == (2, "")
    assert errors.startswith("cmmc-jira: The sandbox cannot listen on 256.0.0.1 port 0")
    assert "Traceback" not in errors


def test_a_port_that_is_taken_is_named() -> None:
    with start(["--port", "0", "--json"]) as first:
        assert first.stdout is not None
        port = json.loads(first.stdout.readline())["url"].rpartition(":")[2]
        with start(["--port", port]) as second:
            _, errors = second.communicate(timeout=60)
        first.send_signal(signal.SIGTERM)
        first.communicate(timeout=60)
    assert second.returncode == 2
    assert errors.strip() == (
        f"cmmc-jira: The sandbox cannot listen on 127.0.0.1 port {port} (Address already in use): choose another, "
        "or --port 0 for any."
    )
