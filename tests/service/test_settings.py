from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from cmmc_jira.errors import BadSetting
from cmmc_jira.settings import Notes, Role, Settings, read_settings

LEAST = {
    "CMMC_JIRA_URL": "https://example.atlassian.net/",
    "CMMC_JIRA_USER": "bot@example.com",
    "CMMC_JIRA_TOKEN": "the-token",
    "CMMC_JIRA_PROJECT": "CMMC",
}
SERVING = {**LEAST, "CMMC_JIRA_WEBHOOK_SECRET": "one, two"}


def read(**variables: str) -> Settings:
    return read_settings({**LEAST, **{f"CMMC_JIRA_{name}": value for name, value in variables.items()}})


def mistake(**variables: str) -> str:
    with pytest.raises(BadSetting) as wrong:
        read(**variables)
    (sentence,) = wrong.value.mistakes
    return sentence


def test_the_least_settings_have_sensible_defaults() -> None:
    settings = read_settings({**LEAST, "PATH": "/bin", "CMMC_JIRA_NOTES": " "})
    assert (settings.url, settings.project) == ("https://example.atlassian.net", "CMMC")
    assert (settings.database_url, settings.bind, settings.role) == (
        "sqlite:///cmmc-jira.db",
        ("127.0.0.1", 8080),
        Role.ALL,
    )
    assert settings.zone == ZoneInfo("America/New_York")


def test_each_setting_is_read() -> None:
    settings = read(
        WEBHOOK_SECRET="one, two",
        DATABASE_URL="postgresql://cmmc@db/cmmc",
        TIMEZONE="Europe/Berlin",
        BIND="[::1]:0",
        NOTES="FULL",
        CLOSURES="2026-12-24, 2026-12-31",
        ROLE="worker",
        LOG_LEVEL="debug",
    )
    assert settings.webhook_secrets == ("one", "two")
    assert settings.database_url == "postgresql+psycopg://cmmc@db/cmmc"
    assert settings.zone == ZoneInfo("Europe/Berlin")
    assert (settings.bind, settings.role, settings.log_level) == (("::1", 0), Role.WORKER, "DEBUG")
    assert settings.closures == {date(2026, 12, 24), date(2026, 12, 31)}


@pytest.mark.parametrize(
    ("given", "flavour", "expected"),
    [
        (None, "cloud", Notes.POINTER),
        (None, "datacenter", Notes.FULL),
        ("full", "cloud", Notes.FULL),
        ("pointer", "datacenter", Notes.POINTER),
    ],
)
def test_notes_leave_for_the_commercial_cloud_only_when_told_to(
    given: str | None, flavour: str, expected: Notes
) -> None:
    settings = read(**({"NOTES": given} if given else {}))
    assert settings.notes_on(flavour) is expected


def test_every_mistake_is_told_at_once() -> None:
    with pytest.raises(BadSetting) as wrong:
        read_settings({"CMMC_JIRA_TIMEZONE": "Mars/Base", "CMMC_JIRA_PROJEKT": "X"}, serving=True)
    started = [sentence.partition(" ")[0] for sentence in wrong.value.mistakes]
    assert started == [
        "CMMC_JIRA_URL",
        "CMMC_JIRA_PROJECT",
        "CMMC_JIRA_TOKEN",
        "CMMC_JIRA_WEBHOOK_SECRET",
        "CMMC_JIRA_TIMEZONE",
        "CMMC_JIRA_PROJEKT",
    ]


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("URL", "example.atlassian.net", "write it as https://"),
        ("URL", "http://jira.example.com", "use https"),
        ("URL", "http://127.0.0.1.example.com", "use https"),
        ("URL", "https://bot:secret@example.com", "holds credentials"),
        ("URL", "https://example.com/?x=1", "leave out everything from"),
        ("URL", "https://[::1", "is not an address"),
        ("URL", "https://example.com:port", "is not an address"),
        ("URL", "ftp://example.com", "is not an address"),
        ("PROJECT", 'CMMC" OR "1', "write the project's key"),
        ("PROJECT", "cmmc", "capital letters"),
        ("TOKEN", "two words", "copy it again"),
        ("TOKEN", "t\u00f6ken", "copy it again"),
        ("WEBHOOK_SECRET", " , ", "openssl rand"),
        ("DATABASE_URL", "mysql://x", "neither sqlite"),
        ("TIMEZONE", "../etc/passwd", "IANA zone"),
        ("TIMEZONE", "EasternTime", "IANA zone"),
        ("POLICY", "/no/such/folder", "no such folder"),
        ("CA_BUNDLE", "/no/such/file", "no such file"),
        ("MAPPING", "/no/such/file", "no such file"),
        ("BIND", "8080", "host and port"),
        ("BIND", "localhost:70000", "host and port"),
        ("NOTES", "some", "write full or pointer"),
        ("ROLE", "leader", "write web or worker or all"),
        ("CLOSURES", "2026-02-30", "'2026-02-30': write each day as YYYY-MM-DD"),
        ("LOG_LEVEL", "LOUD", "write one of DEBUG, INFO"),
    ],
)
def test_a_mistake_names_its_variable_and_the_mend(name: str, value: str, says: str) -> None:
    sentence = mistake(**{name: value})
    assert sentence.startswith(f"CMMC_JIRA_{name} ")
    assert says in sentence
    assert sentence.count("\n") == 0


@pytest.mark.parametrize("url", ["http://127.0.0.1:8123", "http://localhost", "http://[::1]:80/jira"])
def test_plain_http_is_taken_on_the_loopback_alone(url: str) -> None:
    assert read(URL=url).url == url


def test_a_misspelled_variable_is_not_passed_over() -> None:
    assert mistake(PROJEKT="X") == "CMMC_JIRA_PROJEKT is no setting of ours: did you mean CMMC_JIRA_PROJECT?"


def test_a_variable_that_is_like_no_setting_is_somebody_elses() -> None:
    assert read(OPENAPI_DIR="/somewhere", NIST_DIR="/somewhere", XYZZY="1").project == "CMMC"


def test_what_kubernetes_adds_for_a_service_of_our_name_is_no_mistake() -> None:
    assert read(SERVICE_HOST="10.0.0.1", PORT="tcp://10.0.0.1:80", PORT_80_TCP_ADDR="10.0.0.1").project == "CMMC"


def test_a_secret_may_stand_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("from-the-file\n", encoding="utf-8")
    variables = {name: value for name, value in LEAST.items() if name != "CMMC_JIRA_TOKEN"}
    assert read_settings({**variables, "CMMC_JIRA_TOKEN_FILE": str(file)}).token == "from-the-file"


def test_a_secret_in_two_places_or_in_no_readable_file_is_a_mistake(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.write_text("\n", encoding="utf-8")
    assert "are both set: keep one of them" in mistake(TOKEN_FILE=str(empty))
    assert "No such file" in mistake(DATABASE_URL_FILE=str(tmp_path / "missing"))
    assert "Is a directory" in mistake(DATABASE_URL_FILE=str(tmp_path))
    assert "write the value into it" in mistake(WEBHOOK_SECRET_FILE=str(empty))


def test_serving_needs_a_webhook_secret_and_nothing_else_does() -> None:
    assert read_settings(SERVING, serving=True).webhook_secrets == ("one", "two")
    with pytest.raises(BadSetting, match="CMMC_JIRA_WEBHOOK_SECRET or CMMC_JIRA_WEBHOOK_SECRET_FILE"):
        read_settings(LEAST, serving=True)
    assert read_settings(LEAST).webhook_secrets == ()


def test_no_secret_is_shown() -> None:
    settings = read_settings({**SERVING, "CMMC_JIRA_DATABASE_URL": "postgresql://cmmc:hidden@db/cmmc"})
    for secret in ("the-token", "one", "two", "hidden"):
        assert secret not in repr(settings).split()
        assert f"'{secret}'" not in repr(settings)
    assert "hidden" not in repr(settings)
    assert "the-token" not in repr(settings)


def test_the_address_of_the_calendar_feed_has_a_secret_that_is_shown_nowhere(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("f" * 32 + "\n", encoding="utf-8")
    settings = read(CALENDAR_TOKEN_FILE=str(file))
    assert settings.calendar_token == "f" * 32
    assert "ffff" not in repr(settings)
    assert read().calendar_token is None


@pytest.mark.parametrize("token", ["f" * 31, "f" * 201, "f" * 31 + "/", "f" * 32 + "?", "f" * 16 + " " + "f" * 16])
def test_a_secret_that_can_be_guessed_or_is_no_part_of_an_address_is_refused_and_not_repeated(token: str) -> None:
    sentence = mistake(CALENDAR_TOKEN=token)
    assert sentence.startswith("CMMC_JIRA_CALENDAR_TOKEN is no secret for an address: ")
    assert "openssl rand -hex 32" in sentence
    assert token not in sentence


def test_a_forge_app_is_taken_with_its_site() -> None:
    app = "ari:cloud:ecosystem::app/7a1e"
    forge = read(FORGE_APP=app, FORGE_CLOUD_ID="c-1", FORGE_INSTALLATION="ari:cloud:ecosystem::installation/i-1").forge
    assert forge is not None
    assert (forge.app, forge.cloud_id, forge.installation) == (app, "c-1", "i-1")
    assert forge.jwks_url.startswith("https://")
    assert read().forge is None


def test_a_forge_app_without_its_site_or_of_another_form_is_refused() -> None:
    assert "CMMC_JIRA_FORGE_CLOUD_ID is not set" in mistake(FORGE_APP="ari:cloud:ecosystem::app/7a1e")
    assert "ari:cloud:ecosystem::app/" in mistake(FORGE_APP="7a1e")
    assert "use https" in mistake(FORGE_JWKS_URL="http://keys.example.com/jwks.json")
