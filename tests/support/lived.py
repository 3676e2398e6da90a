"""The sample assessment lived through day by day in this process, written down as the people in it heard it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from cmmc_jira.core.fields import DUE, PRIORITY
from cmmc_jira.core.issues import Actual
from cmmc_jira.demo.cast import load_cast
from cmmc_jira.demo.person import Person
from cmmc_jira.demo.players import Account, players
from cmmc_jira.demo.policy import demo_policy
from cmmc_jira.demo.proof import Heard, Proof, made_for, read_back
from cmmc_jira.demo.story import LEAD, samples
from support.site import Site

_MENTION = re.compile(r"\[~(?:accountid:)?([^\]]+)\]")
_FOOTER = re.compile(r"\n*\{color:#\w+\}cmmc-jira: \S+\{color\}\s*\Z")

_READS = ("jql", "bulkfetch", "search")


class Life:
    """The first sample from the day of its posting on, its owners at work as the cast says."""

    def __init__(self, day_0: date, flavour: str = "cloud") -> None:
        self.site = Site(policy=demo_policy(), flavour=flavour)
        self.day_0 = self.day = day_0
        self._morning(day_0)
        state = self.site.state
        self.accounts = {
            self.site.user_id(user.account_id): Account(
                user.display_name, user.email, Person(self.site.client(user.account_id), "CMMC")
            )
            for user in state.users.values()
        }
        self.names = {user: account.name for user, account in self.accounts.items()}
        self.process = self.site.process()
        self._asked = 0
        story, _ = samples(day_0)
        lead = next(account.person for account in self.accounts.values() if account.email == LEAD)
        self.id, _ = lead.open(story)
        lead.attach(self.id, story)
        self.look()
        lead.post(self.id, story)
        self.look()
        self.players = players(
            load_cast(), self.site.person, "CMMC", self.id, day_0=day_0, account=self.accounts.__getitem__
        )

    def _morning(self, day: date) -> None:
        morning = datetime.combine(day, time(9), tzinfo=self.site.clock.zone).astimezone(UTC)
        self.day = day
        self.site.clock.instant = morning
        self.site.state.clock.frozen = morning

    def look(self) -> int:
        """Bring Jira to what it should hold; how many requests that took."""
        before = len(self.site.state.requests)
        _, refused = self.process.reconcile(self.id, fence=lambda: None)
        assert not refused
        return len(self.site.state.requests) - before

    def live(self) -> list[str]:
        """Live one more day; what people did on it."""
        self._morning(self.day + timedelta(days=1))
        self.look()
        if done := self.players.act(self.day):
            self.look()
        return done

    def moved(self) -> bool:
        """Whether anything was written since this was last asked."""
        rows = self.site.paths(self._asked)
        self._asked += len(rows)
        return any(method != "GET" and path.rpartition("/")[2] not in _READS for method, path in rows)

    def proof(self) -> Proof:
        """What Jira holds of the assessment."""
        return read_back(self.site.person, "CMMC", self.id)

    def states(self) -> Mapping[str, str]:
        """What people see first of each of our issues, by key."""
        return {issue.key: _state(issue) for issue in made_for(self.site.person, "CMMC", self.id)}


@dataclass(frozen=True, slots=True)
class Day:
    """One lived day: what became of which issues, and what people did."""

    number: int
    day: date
    changed: Mapping[str, str]
    done: Sequence[str]


def live_through(life: Life, days: int) -> Sequence[Day]:
    """Live that many days; day 0 is the first of what is given back."""
    lived: list[Day] = []
    before: Mapping[str, str] = {}
    for number in range(days + 1):
        done = life.live() if number else []
        now = life.states() if life.moved() else before
        changed = {key: state for key, state in now.items() if before.get(key) != state}
        lived.append(Day(number, life.day, changed, done))
        before = now
    return lived


def transcript(life: Life, lived: Sequence[Day]) -> Iterator[str]:
    """Yield the lines of a life: by day who was told what on which issue, what became of issues, what people did."""
    by_day: dict[date, list[Heard]] = {}
    for comment in life.proof().heard:
        by_day.setdefault(comment.at.astimezone(life.site.clock.zone).date(), []).append(comment)
    for day in lived:
        lines = [line for comment in by_day.get(day.day, ()) for line in _lines(comment, life.names)]
        lines += [f"  {key} is now {state}" for key, state in day.changed.items()]
        lines += [f"  * {sentence}" for sentence in day.done]
        if lines:
            yield from (f"Day {day.number}, {day.day:%A} {day.day}", *lines, "")


def _state(issue: Actual) -> str:
    labels = sorted(label for label in issue.labels if not re.fullmatch(r"cmmc(-\d+.*)?", label))
    parts = [issue.subject, f"status {issue.category}", f"due {issue.fields.get(DUE, 'never')}"]
    return ", ".join([*parts, f"priority {issue.fields.get(PRIORITY, 'none')}", *labels])


def _lines(comment: Heard, names: Mapping[str, str]) -> Iterator[str]:
    people = ", ".join(names[person] for person in comment.people) or "nobody"
    yield f"  {comment.key} {comment.subject}: {comment.identity}, to {people}"
    body = _FOOTER.sub("", _MENTION.sub(lambda match: f"@{names[match[1]]}", comment.body))
    yield from (f"    | {line}".rstrip() for line in body.splitlines())
