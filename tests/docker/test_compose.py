"""compose.yaml keeps our rules: confined containers, secrets as files, and settings that are settings."""

import re
import tomllib

import pytest

from cmmc_jira.settings import NAMES, PREFIX, SECRETS, read_settings
from jira_sandbox.state import State
from support.dockerfile import COMPOSE as COMPOSE_FILE
from support.dockerfile import DOCKERFILE, ROOT, compose, stages

COMPOSE = compose()
COMPOSE_TEXT = COMPOSE_FILE.read_text(encoding="utf-8")
SERVICES = COMPOSE["services"]
OURS = ("service", "sandbox", "prepare", "try")
SANDBOXED = ("prepare", "try")
EVERY = pytest.mark.parametrize("name", sorted(SERVICES))


def test_these_are_the_services_and_only_the_try_out_has_a_profile() -> None:
    assert set(SERVICES) == {*OURS, "database"}
    assert {name for name in SERVICES if SERVICES[name].get("profiles") == ["try"]} == {"sandbox", *SANDBOXED}


@EVERY
def test_each_container_is_confined(name: str) -> None:
    one = SERVICES[name]
    assert one["read_only"] is True
    assert one["cap_drop"] == ["ALL"]
    assert one["security_opt"] == ["no-new-privileges:true"]
    assert not one.get("privileged")
    assert int(one["user"].partition(":")[0]) > 0
    assert any(row.startswith("/tmp:") for row in one["tmpfs"])  # noqa: S108 - a container's


@EVERY
def test_each_image_is_pinned_by_version(name: str) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    image = SERVICES[name]["image"]
    assert image == (f"cmmc-jira:{project['version']}" if name in OURS else "postgres:17.6-bookworm")


@EVERY
def test_ports_are_published_to_this_machine_only(name: str) -> None:
    assert all(port.startswith("127.0.0.1:") for port in SERVICES[name].get("ports", []))


@pytest.mark.parametrize("name", OURS)
def test_our_containers_run_as_the_image_does(name: str) -> None:
    (user,) = (one.rest for one in stages(DOCKERFILE.read_text(encoding="utf-8"))[-1] if one.word == "USER")
    assert SERVICES[name]["user"] == user
    assert SERVICES[name]["stop_grace_period"] == "30s"  # 20 seconds for looks under way, and some


@pytest.mark.parametrize("name", OURS)
def test_every_variable_of_ours_is_a_setting(name: str) -> None:
    known = {PREFIX + setting for setting in NAMES} | {f"{PREFIX}{secret}_FILE" for secret in SECRETS}
    assert set(SERVICES[name].get("environment", {})) <= known


def settled(variable: str, **environ: str) -> str:
    """What the service's variable is when compose is given these: `${NAME-default}` or `${NAME:-default}`."""
    value = SERVICES["service"]["environment"][variable]
    asked = re.fullmatch(r"\$\{(\w+)(:?)-(.*)\}", value)
    if asked is None:
        return str(value)
    assert asked[1] == variable
    given = environ.get(asked[1])
    return asked[3] if given is None or (asked[2] and not given) else given


def test_the_service_can_be_told_every_setting_but_where_the_image_binds() -> None:
    told = {name.removeprefix(PREFIX).removesuffix("_FILE") for name in SERVICES["service"]["environment"]}
    assert told == set(NAMES) - {"BIND"}


def test_the_service_is_told_secrets_as_files_only() -> None:
    given = SERVICES["service"]["environment"]
    assert {PREFIX + secret + "_FILE" for secret in SECRETS} == {name for name in given if name.endswith("_FILE")}
    at_hand = {f"/run/secrets/{name}" for name in SERVICES["service"]["secrets"]}
    assert {settled(f"{PREFIX}{secret}_FILE") for secret in SECRETS} <= {*at_hand, ""}


def test_left_alone_it_has_a_token_and_no_calendar_and_both_can_be_turned() -> None:
    assert settled("CMMC_JIRA_TOKEN_FILE") == "/run/secrets/jira_token"
    assert settled("CMMC_JIRA_TOKEN_FILE", CMMC_JIRA_TOKEN_FILE="") == ""
    assert settled("CMMC_JIRA_CALENDAR_TOKEN_FILE") == ""
    assert "/run/secrets/calendar_token" in COMPOSE_TEXT


def test_what_the_operator_writes_is_mounted_read_only_and_is_no_part_of_the_repository() -> None:
    assert SERVICES["service"]["volumes"] == ["./config:/etc/cmmc-jira:ro"]
    assert "docker/config/" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()


def test_the_database_takes_its_password_from_a_file() -> None:
    given = SERVICES["database"]["environment"]
    assert "POSTGRES_PASSWORD" not in given
    assert given["POSTGRES_PASSWORD_FILE"] == "/run/secrets/database_password"
    assert SERVICES["database"]["secrets"] == ["database_password"]


def test_each_secret_is_a_file_that_git_and_the_build_do_not_see() -> None:
    used = {name for one in SERVICES.values() for name in one.get("secrets", [])}
    assert used == set(COMPOSE["secrets"])
    assert all(COMPOSE["secrets"][name] == {"file": f"secrets/{name}"} for name in used)
    assert {"docker/secrets/", "docker/.env"} <= set((ROOT / ".gitignore").read_text(encoding="utf-8").splitlines())


def test_the_service_waits_for_a_database_that_answers_and_nobody_else_reaches_it() -> None:
    assert SERVICES["service"]["depends_on"] == {"database": {"condition": "service_healthy"}}
    assert "pg_isready" in SERVICES["database"]["healthcheck"]["test"]
    assert SERVICES["database"]["networks"] == ["database"]
    assert COMPOSE["networks"]["database"] == {"internal": True}
    assert "ports" not in SERVICES["database"]


@pytest.mark.parametrize("name", SANDBOXED)
def test_the_try_out_knows_the_account_that_every_sandbox_has(name: str) -> None:
    settings = read_settings(SERVICES[name]["environment"], serving=True)
    service = State().service_user()
    assert (settings.user, settings.token) == (service.email, service.token)
    assert settings.on_loopback
    assert SERVICES[name]["network_mode"] == "service:sandbox"
    assert SERVICES[name]["depends_on"]["sandbox"] == {"condition": "service_healthy"}
