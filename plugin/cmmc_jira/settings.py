"""Where we run: the environment variables `CMMC_JIRA_*`, read once and validated all at once."""

import difflib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from ipaddress import ip_address
from pathlib import Path
from typing import Final, TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from cmmc_jira.errors import BadSetting

PREFIX: Final = "CMMC_JIRA_"
SECRETS: Final = ("TOKEN", "WEBHOOK_SECRET", "DATABASE_URL", "CALENDAR_TOKEN")
NAMES: Final = (
    "URL", "USER", "TOKEN", "PROJECT", "WEBHOOK_SECRET", "DATABASE_URL", "TIMEZONE", "POLICY", "BIND", "CA_BUNDLE",
    "NOTES", "MAPPING", "CLOSURES", "ROLE", "LOG_LEVEL", "CALENDAR_TOKEN",
    "FORGE_APP", "FORGE_CLOUD_ID", "FORGE_INSTALLATION", "FORGE_JWKS_URL",
)  # fmt: skip

DEFAULT_DATABASE: Final = "sqlite:///cmmc-jira.db"
DEFAULT_ZONE: Final = "America/New_York"
DEFAULT_BIND: Final = ("127.0.0.1", 8080)
DEFAULT_JWKS: Final = "https://forge.cdn.prod.atlassian-dev.net/.well-known/jwks.json"

_INJECTED: Final = re.compile(r"(SERVICE|PORT)(_.*)?")  # Kubernetes adds these for a service named cmmc-jira
_PROJECT: Final = re.compile(r"[A-Z][A-Z0-9_]{1,254}")
_BIND: Final = re.compile(r"(?:\[(?P<six>[0-9a-fA-F:.]+)\]|(?P<host>[A-Za-z0-9.\-]+)):(?P<port>\d{1,5})")
_DATABASE: Final = re.compile(r"(sqlite(\+pysqlite)?|postgresql(\+psycopg)?)://.*", re.DOTALL)
_LOG_LEVELS: Final = ("DEBUG", "INFO", "WARNING", "ERROR")
_LAST_PORT: Final = 65_535
_APP: Final = re.compile(r"ari:cloud:ecosystem::app/[0-9a-zA-Z-]{1,64}")
_INSTALLATION: Final = re.compile(r"(?:ari:cloud:ecosystem::installation/)?(?P<id>[0-9a-zA-Z-]{1,64})")
_CLOUD_ID: Final = re.compile(r"[0-9a-zA-Z-]{1,64}")
_CALENDAR_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{32,200}")

_T = TypeVar("_T")
_E = TypeVar("_E", bound=StrEnum)


class Notes(StrEnum):
    """Whether assessors' notes are copied into issues, or only where to find them: they may be CUI."""

    FULL = "full"
    POINTER = "pointer"


class Role(StrEnum):
    """What one process runs: the web side, the workers and the schedule, or both."""

    WEB = "web"
    WORKER = "worker"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Forge:
    """The Forge app whose calls are taken in: its ARI, the site, and, where named, the one installation."""

    app: str
    cloud_id: str
    installation: str | None = None
    jwks_url: str = DEFAULT_JWKS


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one process; its `repr` shows no secret.

    `user` is None where the token is a personal access token (Data Center). `notes` is None where the operator
    leaves it to the flavour: `pointer` on Cloud, `full` on Data Center.
    """

    url: str
    project: str
    user: str | None
    token: str = field(repr=False)
    webhook_secrets: tuple[str, ...] = field(default=(), repr=False)
    database_url: str = field(default=DEFAULT_DATABASE, repr=False)
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo(DEFAULT_ZONE))
    policy: Path | None = None
    mapping: Path | None = None
    bind: tuple[str, int] = DEFAULT_BIND
    ca_bundle: Path | None = None
    notes: Notes | None = None
    closures: frozenset[date] = frozenset()
    role: Role = Role.ALL
    log_level: str = "INFO"
    calendar_token: str | None = field(default=None, repr=False)
    forge: Forge | None = None

    @property
    def lent(self) -> bool:
        """Whether Jira is asked with the token that the Forge app's calls bring, because there is none of our own."""
        return self.forge is not None and not self.token

    @property
    def on_loopback(self) -> bool:
        """Whether Jira is on this very machine, as a sandbox is."""
        return _loopback(urlsplit(self.url).hostname or "")

    def notes_on(self, flavour: str) -> Notes:
        """Return what becomes of assessors' notes on a Jira of this flavour."""
        return self.notes or (Notes.FULL if flavour == "datacenter" else Notes.POINTER)


def read_settings(environ: Mapping[str, str], *, serving: bool = False) -> Settings:
    """Return the settings that the environment holds.

    `serving` also needs a webhook secret, unless events come through Forge; it can do without a token then.

    Raises:
        BadSetting: one sentence for each mistake, each naming its variable and the mend.

    """
    reader = _Reader(environ)
    forge = _forge(reader)
    user = reader.read("USER", str)
    settings = Settings(
        url=reader.read("URL", _url, needed="your Jira's address, for example https://example.atlassian.net") or "",
        project=reader.read("PROJECT", _project, needed="the key of the Jira project, for example CMMC") or "",
        user=user,
        token=reader.read(
            "TOKEN",
            _token,
            needed=None if serving and forge is not None and user is None else "the API token of the service account",
        )
        or "",
        webhook_secrets=reader.read(
            "WEBHOOK_SECRET",
            _secrets,
            needed="the secret that signs webhooks, as it was given to Jira" if serving and forge is None else None,
        )
        or (),
        database_url=reader.read("DATABASE_URL", _database) or DEFAULT_DATABASE,
        zone=reader.read("TIMEZONE", _zone) or ZoneInfo(DEFAULT_ZONE),
        policy=reader.read("POLICY", _folder),
        mapping=reader.read("MAPPING", _file),
        bind=reader.read("BIND", _bind) or DEFAULT_BIND,
        ca_bundle=reader.read("CA_BUNDLE", _file),
        notes=reader.read("NOTES", lambda text: _one_of(text, Notes)),
        closures=reader.read("CLOSURES", _dates) or frozenset(),
        role=reader.read("ROLE", lambda text: _one_of(text, Role)) or Role.ALL,
        log_level=reader.read("LOG_LEVEL", _log_level) or "INFO",
        calendar_token=reader.read("CALENDAR_TOKEN", _calendar_token),
        forge=forge,
    )
    mistakes = [*reader.mistakes, *_apart(settings), *_unknown(environ)]
    if mistakes:
        raise BadSetting(mistakes)
    return settings


def read_calendar(environ: Mapping[str, str]) -> tuple[ZoneInfo, frozenset[date]]:
    """Return the zone and the closures alone: all that an evaluation needs where there is no Jira."""
    reader = _Reader(environ)
    zone = reader.read("TIMEZONE", _zone) or ZoneInfo(DEFAULT_ZONE)
    closures = reader.read("CLOSURES", _dates) or frozenset()
    if reader.mistakes:
        raise BadSetting(reader.mistakes)
    return zone, closures


def _forge(reader: "_Reader") -> Forge | None:
    app = reader.read("FORGE_APP", lambda text: _matching(text, _APP, "ari:cloud:ecosystem::app/ and the app's id"))
    needed = "the site's cloud id, which the site shows at /_edge/tenant_info"
    cloud_id = reader.read("FORGE_CLOUD_ID", lambda text: _matching(text, _CLOUD_ID, needed), needed=app and needed)
    installation = reader.read(
        "FORGE_INSTALLATION", lambda text: _matching(text, _INSTALLATION, "the id that `forge install list` shows")
    )
    jwks_url = reader.read("FORGE_JWKS_URL", _url)
    if app is None or cloud_id is None:
        return None
    return Forge(app, cloud_id, installation, jwks_url or DEFAULT_JWKS)


def _apart(settings: Settings) -> list[str]:
    """Return what is wrong where one process would need a token that only another one is lent."""
    if not settings.lent or settings.role is Role.ALL:
        return []
    why = "because the token that Forge brings stays in the one process that it reaches"
    return [f"{PREFIX}ROLE is {settings.role}: leave it away, {why}."]


class _Reader:
    """Reads one variable after another and collects what is wrong."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self.mistakes: list[str] = []

    def read(self, name: str, parse: Callable[[str], _T], *, needed: str | None = None) -> _T | None:
        """Return the variable parsed, or None when it is absent, empty or wrong."""
        variable = PREFIX + name
        try:
            text = self._text(variable, secret=name in SECRETS).strip()
            if text:
                return parse(text)
        except ValueError as error:
            self.mistakes.append(f"{variable} {error}.")
            return None
        if needed is not None:
            also = f" or {variable}_FILE" if name in SECRETS else ""
            self.mistakes.append(f"{variable} is not set: set {variable}{also} to {needed}.")
        return None

    def _text(self, variable: str, *, secret: bool) -> str:
        given, file = self._environ.get(variable, ""), self._environ.get(f"{variable}_FILE", "") if secret else ""
        if not file:
            return given
        if given:
            raise ValueError(f"and {variable}_FILE are both set: keep one of them")
        try:
            text = Path(file).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise ValueError(f"cannot be read from the file {file} of {variable}_FILE: {_reason(error)}") from error
        if not text:
            raise ValueError(f"is empty in the file {file} of {variable}_FILE: write the value into it")
        return text


def _reason(error: OSError | UnicodeDecodeError) -> str:
    return error.strerror or "it is unreadable" if isinstance(error, OSError) else "it is not UTF-8 text"


def _url(text: str) -> str:
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError as error:
        raise ValueError(f"is {text}, which is not an address: write it as https://example.atlassian.net") from error
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("is not an address: write it as https://example.atlassian.net")
    if parts.username or parts.password:
        raise ValueError(f"holds credentials: put them into {PREFIX}USER and {PREFIX}TOKEN")
    if parts.query or parts.fragment:
        raise ValueError(f"is {text}: leave out everything from the question mark or number sign on")
    if parts.scheme == "http" and not _loopback(parts.hostname):
        raise ValueError(f"is {text}: the token would travel unencrypted, so use https")
    return text.rstrip("/")


def _loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _project(text: str) -> str:
    if _PROJECT.fullmatch(text) is None:
        raise ValueError(f"is {text!r}: write the project's key as Jira shows it, capital letters first, such as CMMC")
    return text


def _token(text: str) -> str:
    if not text.isascii() or not text.isprintable() or " " in text:
        raise ValueError("holds spaces or characters that no token has: copy it again")
    return text


def _calendar_token(text: str) -> str:
    if _CALENDAR_TOKEN.fullmatch(text) is None:
        raise ValueError("is no secret for an address: make 32 or more letters and digits with `openssl rand -hex 32`")
    return text


def _matching(text: str, pattern: re.Pattern[str], meant: str) -> str:
    match = pattern.fullmatch(text)
    if match is None:
        raise ValueError(f"is {text!r}: write {meant}")
    return match.groupdict().get("id") or text


def _secrets(text: str) -> tuple[str, ...]:
    secrets = tuple(part.strip() for part in text.split(",") if part.strip())
    if not secrets:
        raise ValueError("holds no secret: make one with `openssl rand -hex 32`, and separate several by commas")
    return secrets


def _database(text: str) -> str:
    if _DATABASE.fullmatch(text) is None:
        raise ValueError("is neither sqlite:///file.db nor postgresql://user@host/database: write one of the two")
    return text.replace("postgresql://", "postgresql+psycopg://", 1)


def _zone(text: str) -> ZoneInfo:
    try:
        return ZoneInfo(text)
    except (ValueError, OSError, KeyError) as error:
        raise ValueError(f"is {text!r}: write an IANA zone, such as America/New_York") from error


def _folder(text: str) -> Path:
    if not Path(text).is_dir():
        raise ValueError(f"is {text}: there is no such folder")
    return Path(text)


def _file(text: str) -> Path:
    if not Path(text).is_file():
        raise ValueError(f"is {text}: there is no such file")
    return Path(text)


def _bind(text: str) -> tuple[str, int]:
    match = _BIND.fullmatch(text)
    if match is None or int(match["port"]) > _LAST_PORT:
        raise ValueError(f"is {text!r}: write host and port, such as 127.0.0.1:8080 or [::1]:8080")
    return match["six"] or match["host"], int(match["port"])


def _one_of(text: str, words: type[_E]) -> _E:
    try:
        return words(text.lower())
    except ValueError as error:
        raise ValueError(f"is {text!r}: write {' or '.join(words)}") from error


def _dates(text: str) -> frozenset[date]:
    days, wrong = [], []
    for part in filter(None, (part.strip() for part in text.split(","))):
        try:
            days.append(date.fromisoformat(part))
        except ValueError:
            wrong.append(repr(part))
    if wrong:
        raise ValueError(f"holds {', '.join(wrong)}: write each day as YYYY-MM-DD and separate them by commas")
    return frozenset(days)


def _log_level(text: str) -> str:
    if text.upper() not in _LOG_LEVELS:
        raise ValueError(f"is {text!r}: write one of {', '.join(_LOG_LEVELS)}")
    return text.upper()


def _unknown(environ: Mapping[str, str]) -> list[str]:
    """Return a sentence for each variable that looks like a misspelled setting; what others put there is theirs."""
    known = {*NAMES, *(f"{name}_FILE" for name in SECRETS)}
    strange = (
        name
        for variable in sorted(environ)
        if variable.startswith(PREFIX) and (name := variable.removeprefix(PREFIX)) not in known
        if not _INJECTED.fullmatch(name)
    )
    near = ((name, difflib.get_close_matches(name, sorted(known), n=1, cutoff=0.75)) for name in strange)
    return [f"{PREFIX}{name} is no setting of ours: did you mean {PREFIX}{match[0]}?" for name, match in near if match]
