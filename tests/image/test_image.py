"""The image's contents at work: as a user that is not root, in a file system that cannot be written to."""

import json
import os
import signal
import socket
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import requests

from support.dockerfile import DOCKERFILE, compose, healthcheck, stages
from support.image import USER, Image, first_process, running, variables

FINAL = stages(DOCKERFILE.read_text(encoding="utf-8"))[-1]
SERVE = ["cmmc-jira", "serve"]
NOWHERE = {"URL": "http://127.0.0.1:9", "PROJECT": "CMMC", "USER": "a@example.com", "TOKEN": "t", "WEBHOOK_SECRET": "s"}


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Image:
    assert os.geteuid() == 0, "These checks mount file systems and change their user: run them as root, on Linux."
    return Image(tmp_path_factory.mktemp("image"))


@pytest.fixture(autouse=True)
def _unwritten(image: Image) -> Iterator[None]:
    """Nothing that is done here changes the image's own file system."""
    before = image.listing()
    yield
    assert image.listing() == before


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def done(
    image: Image, scratch: Path, command: Sequence[str], env: Mapping[str, str]
) -> "subprocess.CompletedProcess[str]":
    confined = image.command(scratch, command)
    return subprocess.run(confined, env=env, capture_output=True, text=True, check=False, timeout=300)  # noqa: S603 - our own


def left_behind(scratch: Path) -> Sequence[str]:
    return sorted(str(path.relative_to(scratch)) for path in scratch.glob("*/*"))


def test_it_tells_its_version_without_a_home_and_writes_nothing(image: Image, tmp_path: Path) -> None:
    env = {name: value for name, value in variables().items() if name not in ("HOME", "MPLCONFIGDIR")}
    told = done(image, tmp_path, ["cmmc-jira", "--version"], env)
    assert (told.returncode, told.stdout.split()[0], told.stderr) == (0, "cmmc-jira", "")
    assert left_behind(tmp_path) == []


def test_there_is_no_tool_in_it_that_installs_and_no_wheel(image: Image) -> None:
    names = {path.name for path in image.root.rglob("opt/cmmc-jira/**/*")}
    assert not names & {"pip", "setuptools", "wheel", "hatchling", "pytest"}
    assert not [name for name in names if name.endswith(".whl")]


def test_the_wheel_holds_all_that_the_demo_needs(image: Image, tmp_path: Path) -> None:
    told = done(image, tmp_path, ["cmmc-jira", "demo", "--check", "--json", "--port", "0"], variables())
    assert told.returncode == 0, told.stderr
    assert json.loads(told.stdout)
    assert set(left_behind(tmp_path)) <= {"tmp/matplotlib", "tmp/.cache"}  # the second is fontconfig, where it is there


def test_it_writes_a_list_in_its_own_folder_and_only_there(image: Image, tmp_path: Path) -> None:
    env = variables(**NOWHERE | {"BIND": f"127.0.0.1:{free_port()}"})
    assert done(image, tmp_path, healthcheck(FINAL), env).returncode == 1
    with running(image.command(tmp_path, SERVE), env) as process:
        status = Path(f"/proc/{first_process(process)}/status").read_text(encoding="ascii")
        rows = dict(row.split(":\t", 1) for row in status.splitlines() if ":\t" in row)
        assert rows["Uid"].split() == [str(USER)] * 4
        assert (int(rows["CapEff"], 16), int(rows["CapBnd"], 16), rows["NoNewPrivs"]) == (0, 0, "1")
        assert rows["NSpid"].split()[-1] == "1"
        alive = done(image, tmp_path, healthcheck(FINAL), env)
        assert (alive.returncode, alive.stderr) == (0, "")
    assert {name for name in left_behind(tmp_path) if not name.startswith("data/cmmc-jira.db")} == set()


class _SlowJira(ThreadingHTTPServer):
    """A Jira that holds its answers back until it is told to give them."""

    asked: threading.Event
    released: threading.Event


class _Answer(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        assert isinstance(self.server, _SlowJira)
        if not self.path.startswith("/sandbox/"):
            self.server.asked.set()
            self.server.released.wait(30)
        self.send_error(404)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def slow_jira() -> Iterator[_SlowJira]:
    with _SlowJira(("127.0.0.1", 0), _Answer) as server:
        server.asked, server.released = threading.Event(), threading.Event()
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.released.set()
        server.shutdown()
        thread.join()


def test_told_to_stop_it_answers_what_it_was_asked_and_ends_within_its_grace(
    image: Image, tmp_path: Path, slow_jira: _SlowJira
) -> None:
    port = free_port()
    jira = {"URL": f"http://127.0.0.1:{slow_jira.server_port}", "BIND": f"127.0.0.1:{port}", "ROLE": "web"}
    with running(image.command(tmp_path, SERVE), variables(**NOWHERE | jira)) as process, ThreadPoolExecutor() as pool:
        answer = pool.submit(requests.get, f"http://127.0.0.1:{port}/readyz", timeout=30)
        assert slow_jira.asked.wait(20)
        os.kill(first_process(process), signal.SIGTERM)
        slow_jira.released.set()
        assert answer.result().status_code == 503
        _, errors = process.communicate(timeout=30)
    assert process.returncode == 0
    assert "Traceback" not in errors


def test_the_try_out_of_compose_becomes_ready(image: Image, tmp_path: Path) -> None:
    ports = {"8080": str(free_port()), "8090": str(free_port())}
    text = json.dumps(compose()["services"])
    for usual, free in ports.items():
        text = text.replace(usual, free)
    services = json.loads(text)
    settings = {**variables(), **services["try"]["environment"], "CMMC_JIRA_BIND": f"127.0.0.1:{ports['8080']}"}
    scratch = [tmp_path / name for name in ("sandbox", "try")]
    for folder in scratch:
        folder.mkdir()
    with running(image.command(scratch[0], ["cmmc-jira", *services["sandbox"]["command"]]), variables()):
        assert done(image, scratch[1], services["sandbox"]["healthcheck"]["test"][1:], variables()).returncode == 0
        prepared = done(image, scratch[1], ["cmmc-jira", *services["prepare"]["command"]], settings)
        assert prepared.returncode == 0, prepared.stderr
        with running(image.command(scratch[1], SERVE), settings):
            ready = when_checked(f"http://127.0.0.1:{ports['8080']}/readyz")
            assert (ready.status_code, ready.json()["faults"]) == (200, [])


def when_checked(address: str) -> requests.Response:
    """Return the service's readiness once its first checks have ended."""
    for _ in range(120):
        answer = requests.get(address, timeout=30)
        if answer.json()["checks"]["at"] is not None:
            break
        threading.Event().wait(0.5)
    return answer
