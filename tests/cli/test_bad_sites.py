"""Every way in which a Jira can be the wrong one, or not itself today: the sentence that each command says.

Each command is run as a person runs it, against a real socket. In none of these worlds a write may reach Jira.
"""

import json
import socket
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from cmmc_jira import wiring
from cmmc_jira.adapters import exchange
from cmmc_jira.adapters.retry import Retry
from cmmc_jira.cli.main import main
from support.listening import HERE, bundle_of, certified, listening, unused_port
from support.site import Site
from support.wsgi import Application

PAGE = {"Content-Type": "text/html; charset=utf-8"}
JSON = {"Content-Type": "application/json"}
READS = ("/rest/api/2/search/jql", "/rest/api/2/issue/bulkfetch")
LOGIN = b"<!DOCTYPE html><html><body><form>Log in</form></body></html>"


@dataclass
class Jira:
    """The sandbox, with whatever is put before it; it counts the writes that reach the sandbox."""

    site: Site
    written: list[str] = field(default_factory=list)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        if method != "GET" and path not in READS:
            self.written.append(f"{method} {path}")
        return self.site.app(environ, start_response)


def always(status: str, headers: Mapping[str, str] = PAGE, body: bytes = LOGIN) -> Callable[[Jira], Application]:
    """A server that says the same to everybody."""

    def application(_: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        start_response(status, list(headers.items()))
        return [body]

    return lambda _: application


def login_page_for_edits(jira: Jira) -> Application:
    """The first write of `apply` is an edit, to which Jira answers with nothing: there a page may pass for success."""

    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] != "PUT":
            return jira(environ, start_response)
        return always("200 OK")(jira)(environ, start_response)

    return application


def renamed_project(jira: Jira) -> Application:
    """Jira answers by the old keys, with the new ones in the answer."""

    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        body = b"".join(jira(environ, lambda status, headers: start_response(status, _uncounted(headers))))
        return [body.replace(b'"CMMC"', b'"NEW"').replace(b'"CMMC-1"', b'"NEW-1"')]

    return application


def _uncounted(headers: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [row for row in headers if row[0] != "Content-Length"]


def field_of_another_type(jira: Jira) -> Application:
    id_ = jira.site.fields.ids["CMMC Points"]
    text = jira.site.state.fields[jira.site.fields.ids["CMMC Requirement"]]
    jira.site.state.fields[id_] = replace(jira.site.state.fields[id_], kind=text.kind)
    return jira


def two_fields_of_one_name(jira: Jira) -> Application:
    id_ = jira.site.fields.ids["SSP"]
    jira.site.state.fields[id_] = replace(jira.site.state.fields[id_], name="CMMC Points")
    return jira


def deactivated(jira: Jira) -> Application:
    user = jira.site.state.service_user()
    jira.site.state.users[user.account_id] = replace(user, active=False)
    return jira


Address = Callable[[ExitStack, Application, Path], dict[str, str]]


def plain(stack: ExitStack, app: Application, _: Path) -> dict[str, str]:
    return {"CMMC_JIRA_URL": f"http://{HERE}:{stack.enter_context(listening(app))}"}


def plain_asked_over_tls(stack: ExitStack, app: Application, _: Path) -> dict[str, str]:
    return {"CMMC_JIRA_URL": f"https://{HERE}:{stack.enter_context(listening(app))}"}


def over_tls(
    stack: ExitStack, app: Application, folder: Path, *, known: bool, name: str = "localhost"
) -> dict[str, str]:
    context, authority = certified(name)
    found = {"CMMC_JIRA_URL": f"https://localhost:{stack.enter_context(listening(app, context))}"}
    return {**found, "CMMC_JIRA_CA_BUNDLE": str(bundle_of(authority, folder))} if known else found


def at(url: Callable[[], str]) -> Address:
    return lambda *_: {"CMMC_JIRA_URL": url()}


def with_token(stack: ExitStack, app: Application, folder: Path) -> dict[str, str]:
    return {**plain(stack, app, folder), "CMMC_JIRA_TOKEN": "a-token-of-last-year"}


@dataclass(frozen=True)
class Bad:
    """A world: what stands where Jira should, how it is reached, and what is said; doctor may say it differently."""

    says: str
    app: Callable[[Jira], Application] = lambda jira: jira
    address: Address = plain
    doctor: str | None = None


WORLDS = {
    "no Jira there": Bad("No Jira answers at http://127.0.0.1:", always("404 Not Found")),
    "no Jira below the path": Bad("with its context path if it has one", always("404 Not Found", JSON, b"{}")),
    "no such name": Bad(
        "No address is known for jira.invalid: check CMMC_JIRA_URL", address=at(lambda: "https://jira.invalid")
    ),
    "nobody listens": Bad(
        "so Jira cannot be reached: check CMMC_JIRA_URL", address=at(lambda: f"http://{HERE}:{unused_port()}")
    ),
    "http for https": Bad(
        "redirects to https://jira.example.com, and the token is not sent there",
        always("301 Moved", {"Location": "https://jira.example.com/rest/api/2/myself"}, b""),
    ),
    "https for http": Bad("does not speak TLS, so nothing was sent to it", address=plain_asked_over_tls),
    "self-signed": Bad("set CMMC_JIRA_CA_BUNDLE to the file", address=partial(over_tls, known=False)),
    "certificate of another": Bad(
        "set CMMC_JIRA_URL to the name that the certificate is for",
        address=partial(over_tls, known=True, name="jira.example.com"),
    ),
    "expired token": Bad("does not accept the token of service@example.com", address=with_token),
    "deactivated account": Bad("does not accept the token of service@example.com", deactivated),
    "treated as a stranger": Bad(
        "does not accept the token of service@example.com",
        always("200 OK", {**JSON, "X-Seraph-LoginReason": "AUTHENTICATED_FAILED"}, b"[]"),
    ),
    "captcha": Bad(
        "asks for a captcha: log in once in a browser",
        always(
            "403 Forbidden",
            {
                **PAGE,
                "X-Seraph-LoginReason": "AUTHENTICATION_DENIED",
                "X-Authentication-Denied-Reason": "CAPTCHA_CHALLENGE; login-url=https://jira.example.com/login.jsp",
            },
        ),
    ),
    "firewall": Bad("probably of a firewall or a proxy", always("403 Forbidden")),
    "renamed project": Bad(
        "CMMC-1 is now NEW-1, and so not in the project CMMC: set CMMC_JIRA_PROJECT to NEW",
        renamed_project,
        doctor="The project CMMC is now NEW.",
    ),
    "wrong type": Bad('The field "CMMC Points" (customfield_', field_of_another_type),
    "two of one name": Bad('This Jira has 2 fields named "CMMC Points"', two_fields_of_one_name),
    "maintenance": Bad("it may be under maintenance", always("503 Service Unavailable")),
    "login page": Bad("probably a login page: check that CMMC_JIRA_URL", always("200 OK")),
    "login page that says it is text": Bad("probably a login page", always("200 OK", {"Content-Type": "text/plain"})),
    "cut in the middle": Bad("cut short", always("200 OK", JSON, b'{"version": "10')),
    "cut before its length": Bad("cut the connection", always("200 OK", {**JSON, "Content-Length": "90"}, b'{"ver')),
}


@pytest.fixture(scope="module")
def provisioned() -> tuple[Site, Callable[[], None]]:
    """A project with an assessment whose findings ask for issues: each command would have something to write."""
    site = Site()
    site.attach(site.assessment(), "AC.L2-3.1.3", "AC.L2-3.1.5")
    return site, site.moment()


@pytest.fixture
def jira(provisioned: tuple[Site, Callable[[], None]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Jira:
    site, back = provisioned
    back()
    user = site.state.service_user()
    monkeypatch.setattr(exchange, "Retry", partial(Retry, budget=0))
    monkeypatch.setattr(wiring, "PATIENCE_SECONDS", 0.0)
    monkeypatch.setattr(socket, "getaddrinfo", partial(_resolved, socket.getaddrinfo))
    for name, value in {
        "NO_PROXY": "*",
        "CMMC_JIRA_USER": user.email,
        "CMMC_JIRA_TOKEN": user.token,
        "CMMC_JIRA_PROJECT": "CMMC",
        "CMMC_JIRA_WEBHOOK_SECRET": "0123456789abcdef0123",
        "CMMC_JIRA_DATABASE_URL": f"sqlite:///{tmp_path / 'list.db'}",
    }.items():
        monkeypatch.setenv(name, value)
    (tmp_path / "more.csv").write_text("Requirement,Status\nAC.L2-3.1.3,NOT MET\n", encoding="utf-8")
    return Jira(site)


def _resolved(real: Callable[..., Any], host: str, *others: Any, **more: Any) -> Any:  # noqa: ANN401  the library's
    """Names are looked up as ever, but for those that never lead anywhere: no resolver is to be asked for them."""
    if str(host).endswith(".invalid"):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    return real(host, *others, **more)


@contextmanager
def world(bad: Bad, jira: Jira, folder: Path) -> Iterator[Callable[..., Result]]:
    with ExitStack() as stack:
        environ = bad.address(stack, bad.app(jira), folder)
        yield lambda *arguments: CliRunner().invoke(main, arguments, env=environ)


@pytest.mark.parametrize("name", WORLDS)
def test_each_command_says_what_is_wrong_and_nothing_is_written(name: str, jira: Jira, tmp_path: Path) -> None:
    bad = WORLDS[name]
    with world(bad, jira, tmp_path) as run:
        looked = run("doctor", "--json")
        others = [
            run("plan", "CMMC-1"),
            run("apply", "CMMC-1"),
            run("import", str(tmp_path / "more.csv"), "--assessment", "CMMC-1"),
        ]
    document = json.loads(looked.stdout)
    faults = [f"{row['what']} {row['mend']}" for row in document["checks"] if row["grade"] == "fault"]
    assert looked.exit_code == 1
    assert any(
        (bad.doctor or bad.says).lower().replace(": ", ". ") in each.lower().replace(": ", ". ") for each in faults
    ), faults
    assert all(row["mend"] for row in document["checks"] if row["grade"] == "fault")
    for done in others:
        assert (done.exit_code, done.stdout) == (1, "")
        assert bad.says in done.stderr, done.stderr
        assert all(line.startswith("cmmc-jira: ") and line.endswith(".") for line in done.stderr.splitlines())
        assert "a-token-of-last-year" not in done.output
    assert jira.written == []


def test_a_login_page_in_answer_to_a_write_is_no_success(jira: Jira, tmp_path: Path) -> None:
    with world(Bad("", login_page_for_edits), jira, tmp_path) as run:
        done = run("apply", "CMMC-1")
    assert done.exit_code == 1
    assert "A page for people came instead of Jira's answer" in done.stderr
    assert jira.written == []


def test_a_webhook_deleted_behind_our_back_is_told_by_doctor_and_holds_nothing_up(jira: Jira, tmp_path: Path) -> None:
    with world(Bad(""), jira, tmp_path) as run:
        looked = run("doctor")
        assert jira.written == []
        applied = run("apply", "CMMC-1")
    assert looked.exit_code == 1
    assert looked.stdout.startswith("fault webhook: No webhook of CMMC delivers to an address that ends in /webhooks/")
    assert "Run `cmmc-jira provision --webhook-url URL`" in looked.stdout
    assert applied.exit_code == 0


@pytest.mark.parametrize("address", [plain, partial(over_tls, known=True)], ids=["plain", "known authority"])
def test_in_a_world_that_is_right_the_same_commands_do_write(jira: Jira, tmp_path: Path, address: Address) -> None:
    with world(Bad("", address=address), jira, tmp_path) as run:
        planned = run("plan", "CMMC-1")
        assert planned.exit_code == 0, planned.stderr
        assert jira.written == []
        applied = run("apply", "CMMC-1")
    assert applied.exit_code == 0, applied.stderr
    assert any(line.startswith("POST /rest/api/2/issue") for line in jira.written)
