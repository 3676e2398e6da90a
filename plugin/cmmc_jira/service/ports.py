"""What the service needs from the world outside, as protocols. `adapters` implements them, `wiring` chooses."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

from cmmc_jira.core.issues import Attachment
from cmmc_jira.core.mapping import STRAIGHT, Way

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Site:
    """The Jira that answered: `flavour` is `cloud` or `datacenter` (from `deploymentType`, never guessed)."""

    flavour: str
    version: str
    base_url: str


@dataclass(frozen=True, slots=True)
class NewIssue:
    """An issue to create: Jira's own `fields` and `update` JSON, and its entity properties by key."""

    fields: Json
    properties: Mapping[str, Json]
    update: Json = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Created:
    """What came of one `NewIssue`: its id and key, or the sentence with which Jira refused it."""

    id: str | None
    key: str | None
    refused: str | None = None


class Clock(Protocol):
    """The one door through which time enters."""

    def now(self) -> datetime:
        """The present instant, with its zone (UTC)."""

    def today(self) -> date:
        """The present day in the organisation's zone."""

    def local(self) -> datetime:
        """The present instant in the organisation's zone, for hours of the day."""


class Jira(Protocol):
    """One Jira site, seen through the few calls the product makes. Raw JSON out; `core.reading` gives it meaning.

    Every method may raise `JiraUnavailable` (wait) or `JiraRefused` (a person must act). Reads are retried within a
    deadline; writes are never repeated blindly: an ambiguous one raises `JiraUnavailable(ambiguous=True)`.
    Issues are named by id wherever one is known; a key is taken only from a person.
    """

    def site(self) -> Site:
        """Which Jira this is (`GET /serverInfo`); asked once."""

    def myself(self) -> Json:
        """The account we act as (`GET /myself`); an anonymous answer is refused; asked once."""

    def probe(self) -> Json:
        """The account we act as, asked anew: whether Jira answers, for readiness."""

    def fields(self) -> Sequence[Json]:
        """All fields of the site: id, name, schema (`GET /field`); asked once, again after `forget_fields`."""

    def forget_fields(self) -> None:
        """Ask for the fields anew next time, for example after a field id was refused."""

    def issue(self, id_or_key: str, fields: Sequence[str]) -> Json:
        """One issue with these field ids and our entity properties."""

    def issues(self, ids: Sequence[str], fields: Sequence[str], *, anew: Sequence[str] = ()) -> Sequence[Json]:
        """These issues and those among `anew`, by id; ids that are gone or hidden are absent.

        Cloud reads 100 a call as they are now. Data Center cannot: there an issue is read by itself when it is among
        `anew`, and else only when Jira's index says that it changed since it was last read.
        """

    def search(
        self, jql: str, fields: Sequence[str], *, also: Sequence[str] = (), until: Callable[[Json], bool] | None = None
    ) -> Sequence[Json]:
        """All issues the index finds, every page; `also` are ids whose freshest state must count.

        Cloud makes the index know 50 of these. Data Center reads them by id and gives them whether they fit or not, so
        whoever names any sorts out what does not; and its index gives no entity properties.
        After a page that holds an issue of which `until` is true no further one is asked for.
        """

    def create(self, issues: Sequence[NewIssue]) -> Sequence[Created]:
        """Create these, 50 a call; one answer each, in order. Raises only when a whole call failed."""

    def edit(
        self, issue_id: str, *, fields: Json, update: Json | None = None, properties: Mapping[str, Json] | None = None
    ) -> None:
        """Change fields, and set entity properties, in one PUT."""

    def set_property(self, issue_id: str, key: str, value: Json) -> None:
        """Set one entity property of an issue."""

    def transition(self, issue_id: str, category: str, way: Way = STRAIGHT) -> str:
        """Move the issue to a status of this category (`new`, `indeterminate`, `done`); the status's name.

        `way` is how this project gets there. Refused with a sentence when no transition leads there or one demands
        fields we do not have.
        """

    def comments(self, issue_id: str) -> Sequence[Json]:
        """The issue's comments, read by id."""

    def comment(self, issue_id: str, body: str) -> str:
        """Add a comment in wiki markup; its id."""

    def link(self, link_type: str, inward: str, outward: str) -> None:
        """Link two issues by id or key."""

    def attach(self, issue_id: str, name: str, content: bytes, media_type: str) -> str:
        """Attach a file; its id."""

    def discard(self, attachment_id: str) -> None:
        """Delete a file; one that is gone already is no fault."""

    def changes(self, issue_id: str) -> Sequence[Json]:
        """The issue's changelog, oldest first: author, created (an instant), items."""

    def role_members(self, project: str, name: str) -> Sequence[str]:
        """The user ids of those who have a project role; of groups that have it, nobody. An unknown role has none."""

    def attachment(self, attachment: Attachment, *, limit: int) -> bytes:
        """An attachment's bytes; refused when it is larger than `limit` bytes. Only from the configured Jira."""

    def components(self, project: str) -> Sequence[Json]:
        """The project's components, with their leads."""

    def user(self, name: str, project: str) -> Json | None:
        """The assignable user with this account id, user name or e-mail address, if exactly one fits."""

    def calls(self) -> Mapping[str, int]:
        """How many requests this client made, by method."""

    def answers(self) -> Mapping[tuple[str, str], int]:
        """How many requests this client made, by method and status of the answer (`none` without one)."""


class Store(Protocol):
    """The to-do list: deliveries not yet worked and assessments to look at. It may be deleted at any time.

    A key is the id of an assessment issue, or `*`: all of the project. Every method may raise `StoreUnavailable`.
    """

    def receive(self, delivery_id: str, *, received: datetime, marks: Mapping[str, Sequence[str]]) -> bool:
        """Store a delivery and mark its assessments, in one transaction; False when it was stored before.

        `marks` maps keys to the ids of issues that changed; with no id, or a `*` among them, the look is thorough.
        """

    def mark(self, *keys: str, hints: Sequence[str] = (), thorough: bool = True, now: datetime) -> None:
        """Mark assessments as to be looked at; `hints` are issues that changed.

        A look that is not thorough rests on the issues that the assessment knows, and on the hints.
        """

    def claim(self, limit: int, *, now: datetime) -> Sequence["Work"]:
        """Lease up to this many assessments that are due, each to this worker alone."""

    def still_mine(self, work: "Work", *, now: datetime) -> bool:
        """Whether this lease still holds, asked before each write to Jira."""

    def extend(self, works: Sequence["Work"], *, now: datetime) -> Sequence["Work"]:
        """Prolong these leases; the ones that were lost are given back."""

    def finish(self, work: "Work", *, now: datetime) -> bool:
        """Cover the generation that was seen; False when the lease was lost meanwhile."""

    def wait(self, work: "Work", *, after: float | None, scope: str, error: str, now: datetime) -> None:
        """Give the lease back because Jira is away: look again after that many seconds, else backed off.

        With `after` the scope `site` holds back everything of this Jira. Nothing is ever parked for it.
        """

    def retry(self, work: "Work", *, error: str, now: datetime) -> None:
        """Give the lease back because the look failed: look again backed off; what failed ten times is parked."""

    def release(self, works: Sequence["Work"]) -> None:
        """Give these leases back unfinished, for another worker to take at once."""

    def take_over(self) -> None:
        """Void every lease: for the one process that runs an embedded database's work, when it starts."""

    def claim_slot(self, job: str, slot: datetime, *, key: str, thorough: bool = True, now: datetime) -> bool:
        """Claim one firing of a scheduled job among all replicas and mark this key; True for exactly one of them."""

    def prune(self, *, now: datetime) -> int:
        """Forget deliveries older than 7 days; how many."""

    def healthy(self) -> bool:
        """Whether the database answers."""

    def backlog(self, *, now: datetime) -> "Backlog":
        """How much is to be done, for readiness and metrics."""


class Exclusive(Protocol):
    """The right to run the work of an embedded database, held by one process at a time."""

    def acquire(self) -> bool:
        """Whether this process has the right, now."""

    def release(self) -> None:
        """Give the right up."""


@dataclass(frozen=True, slots=True)
class Work:
    """A leased look: `generation` is what it covers when finished, `token` fences it, `hints` are changed issues.

    `thorough` is False when every mark came with hints or said so: then the issues that are known are enough. `waited`
    is how long ago, in seconds, the first mark came that it covers.
    """

    key: str
    generation: int
    token: int
    attempt: int
    hints: tuple[str, ...] = ()
    thorough: bool = True
    waited: float = 0.0


@dataclass(frozen=True, slots=True)
class Backlog:
    """How many assessments are dirty, how long the oldest has been (seconds), and which are parked and why.

    What is parked has failed too often to be tried again before something changes; it does not count as dirty.
    `blocked_seconds` is how long Jira still asks us to wait.
    """

    dirty: int
    oldest_seconds: float
    parked: Mapping[str, str]
    blocked_seconds: float = 0.0
