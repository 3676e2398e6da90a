"""The players: on each day everybody of the cast does what the day asks of them, each with their own account."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from cmmc_jira.core.fields import ASSIGNEE, DUE, map_fields
from cmmc_jira.core.issues import Actual, Category, Kind
from cmmc_jira.demo.cast import Act, Cast, Do
from cmmc_jira.demo.person import Person
from cmmc_jira.demo.proof import made_for
from cmmc_jira.service.ports import Jira
from cmmc_rules.calendar import business_day_from, is_business_day
from cmmc_rules.ladder import Role

_ROLES: Final = {Role.COMPLIANCE_LEAD: "Compliance Lead", Role.AFFIRMING_OFFICIAL: "Affirming Official"}
_UNTIL, _REASON, _BOOKED = "Acknowledged Until", "Acknowledgement Reason", "Closeout Booked"


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who can act: their name, their e-mail address, and they at work."""

    name: str
    email: str
    person: Person


@dataclass(slots=True)
class Players:
    """The cast at work on one assessment, whose clock began on `day_0`. `account` finds somebody by user id."""

    cast: Cast
    jira: Jira
    project: str
    assessment_id: str
    day_0: date
    people: Mapping[Role, str]
    account: Callable[[str], Account]
    _played: dict[str, int] = field(default_factory=dict)

    def act(self, day: date) -> list[str]:
        """Let everybody do what this day asks of them; what was done, in sentences. Nobody works on a day off."""
        if not is_business_day(day):
            return []
        items = [row for row in made_for(self.jira, self.project, self.assessment_id) if row.kind is Kind.REMEDIATION]
        done = [words for place, item in enumerate(items) for words in self._with_item(item, place, day)]
        return [*done, *self._with_assessment(day)]

    def _with_item(self, item: Actual, place: int, day: date) -> Iterator[str]:
        if item.category is Category.DONE or ASSIGNEE not in item.fields or DUE not in item.fields:
            return
        owner, due = self.account(item.fields[ASSIGNEE]), date.fromisoformat(item.fields[DUE])
        part = self.cast.part(item.subject, owner=owner.email, place=place)
        number = self._played.get(item.subject, 0)
        if number < len(part) and (due - day).days <= part[number].at:
            self._played[item.subject] = number + 1
            yield _play(owner, part[number], item.id, item.subject, due=due, day=day)

    def _with_assessment(self, day: date) -> Iterator[str]:
        for number, act in enumerate(self.cast.assessment):
            name = f"assessment/{number}"
            user = self.people.get(act.who) if act.who else None
            if user and name not in self._played and (day - self.day_0).days >= act.at:
                self._played[name] = 1
                yield _play(self.account(user), act, self.assessment_id, "the assessment", due=day, day=day)


def players(
    cast: Cast, jira: Jira, project: str, assessment_id: str, *, day_0: date, account: Callable[[str], Account]
) -> Players:
    """Return the cast for an assessment as Jira holds it."""
    fields = map_fields(jira.fields(), flavour=jira.site().flavour)
    entered = fields.read(jira.issue(assessment_id, fields.all_ids())["fields"])
    people = {role: entered[name] for role, name in _ROLES.items() if name in entered}
    return Players(cast, jira, project, assessment_id, day_0, people, account)


def _play(who: Account, act: Act, issue_id: str, subject: str, *, due: date, day: date) -> str:
    """Do one thing in Jira and return it as a sentence; dates that people choose are working days."""
    reach = business_day_from((due if act.do is Do.POSTPONE else day) + timedelta(days=act.days))
    match act.do:
        case Do.FINISH:
            who.person.finish(issue_id)
            done = f"finishes {subject}"
        case Do.POSTPONE:
            who.person.postpone(issue_id, reach)
            done = f"moves {subject} from {due} to {reach}"
        case Do.ACKNOWLEDGE:
            who.person.enter(issue_id, {_UNTIL: reach.isoformat(), _REASON: act.says})
            done = f"acknowledges {subject} until {reach}"
        case Do.BOOK:
            who.person.enter(issue_id, {_BOOKED: reach.isoformat()})
            done = f"books the closeout assessment for {reach}"
        case Do.COMMENT:
            done = f"comments on {subject}"
    if act.says and act.do is not Do.ACKNOWLEDGE:
        who.person.comment(issue_id, act.says)
    return f"{who.name} {done}."
