"""What people do in Jira, and what of it must still stand at the end."""

import contextlib
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Final

from cmmc_jira.errors import JiraRefused
from cmmc_jira.service.ports import NewIssue
from support.site import Site

POOL: Final = (
    "AC.L2-3.1.3", "AC.L2-3.1.11", "AT.L2-3.2.3", "CM.L2-3.4.9", "MA.L2-3.7.4", "AC.L2-3.1.20", "AC.L2-3.1.1",
    "SI.L2-3.14.4",
)  # fmt: skip
"""Requirements worth 1, 3 and 5 points, one of them barred by name."""

STATUS_DATE: Final = "CMMC_Status_Date"
NOTE: Final = "We wrote this ourselves."
_POINTS: Final = "CMMC Points"


@dataclass(slots=True)
class Memory:
    """What people did that can be held against what Jira holds at the end.

    `kept` is by issue id and native field; `files` are the requirements that each findings file says NOT MET;
    `dated_at` is how many files there were when a CMMC Status Date was first entered.
    """

    kept: dict[tuple[str, str], str] = field(default_factory=dict)
    labels: set[tuple[str, str]] = field(default_factory=set)
    notes: set[str] = field(default_factory=set)
    files: list[frozenset[str]] = field(default_factory=list)
    deleted: set[str] = field(default_factory=set)
    dated_at: int | None = None
    decided: bool = False
    renamed: str | None = None


class People:
    """Whoever edits the project by hand. What goes wrong on the way to the service does not befall them.

    While `told`, they do only what Jira tells of by a webhook.
    """

    def __init__(self, site: Site, assessment: str) -> None:
        self.site = site
        self.assessment = assessment
        self.did = Memory()
        self.told = False
        self._watched = True
        self._users = [user.account_id for user in site.state.users.values() if "712020" not in user.account_id]

    def act(self, chance: random.Random, *, watched: bool) -> None:
        """Do one thing; what Jira does not allow at this moment is given up. Only what is `watched` must be kept."""
        self._watched = watched
        acts: Mapping[Callable[[random.Random], None], int] = {
            self._attach: 5, self._date: 3, self._enter: 3, self._move: 5, self._own: 3, self._due: 3, self._label: 2,
            self._note: 3, self._reword: 2, self._rank: 2, self._spoil: 3, self._delete: 2, self._clone: 1,
            self._decide: 1, self._acknowledge: 1,
        }  # fmt: skip
        untold: Mapping[Callable[[random.Random], None], int] = {self._rename: 1, self._key: 1, self._forget: 1}
        if not self.told:
            acts = {**acts, **untold}
        with contextlib.suppress(JiraRefused):
            chance.choices(list(acts), list(acts.values()))[0](chance)

    def mend(self) -> None:
        """Undo what stops all work: an administrator sees it sooner or later."""
        if self.did.renamed is not None:
            self._call_field(self.did.renamed, _POINTS)
            self.did.renamed = None

    def ours(self, *, subject: str | None = None) -> list[str]:
        """Return the ids of the issues that the service made, the oldest first; of one subject, if one is named."""
        found = []
        for issue in self.site.state.issues.values():
            memory = issue.properties.get("cmmc-jira") or {}
            if memory.get("assessment") == self.assessment and memory.get("subject"):
                found += [issue.id] if subject in (None, memory["subject"]) else []
        return found

    def _some(self, chance: random.Random) -> str | None:
        """Return one of the remediation issues."""
        found = [id_ for id_ in self.ours() if id_ not in self.ours(subject="status")]
        return chance.choice(found) if found else None

    def _attach(self, chance: random.Random) -> None:
        wrong = frozenset(chance.sample(POOL, chance.randint(1, 6)))
        self.site.attach(self.assessment, *sorted(wrong), name=f"findings-{len(self.did.files)}.csv")
        self.did.files.append(wrong)

    def _date(self, chance: random.Random) -> None:
        day = self.site.clock.today() - timedelta(days=chance.choice((0, 3, 60, 150, 179, 180, 181)))
        self._enter_these(CMMC_Status_Date=None if chance.random() < 0.15 else day.isoformat())

    def _enter(self, chance: random.Random) -> None:
        near = self.site.clock.today() + timedelta(days=chance.randint(-20, 60))
        names = ("Closeout_Booked", "Assessment_End_Date", "Findings_Report_Delivered", "Target_Reassessment")
        self._enter_these(**{chance.choice(names): near.isoformat()})

    def _enter_these(self, **values: str | None) -> None:
        self.site.enter(self.assessment, **values)
        if values.get(STATUS_DATE) and self.did.dated_at is None:
            self.did.dated_at = len(self.did.files)
        if STATUS_DATE in values and values[STATUS_DATE] is None:
            self.did.dated_at = None

    def _move(self, chance: random.Random) -> None:
        if id_ := self._some(chance):
            self.site.person.transition(id_, chance.choice(("done", "done", "new", "indeterminate")))

    def _own(self, chance: random.Random) -> None:
        self._set(self._some(chance), "assignee", chance.choice(self._users), lambda user: {"accountId": user})

    def _due(self, chance: random.Random) -> None:
        day = self.site.clock.today() + timedelta(days=chance.randint(1, 200))
        self._set(self._some(chance), "duedate", day.isoformat(), lambda value: value)

    def _reword(self, chance: random.Random) -> None:
        self._set(self._some(chance), "summary", f"Ours {chance.randrange(99)}", lambda value: value)

    def _rank(self, chance: random.Random) -> None:
        name = chance.choice(("Highest", "Low", "Lowest"))
        self._set(self._some(chance), "priority", name, lambda value: {"name": value})

    def _set(self, id_: str | None, name: str, value: str, written: Callable[[str], object]) -> None:
        if id_ is not None:
            self.site.person.edit(id_, fields={name: written(value)})
            self.did.kept.pop((id_, name), None)
            if self._watched:
                self.did.kept[id_, name] = value

    def _label(self, chance: random.Random) -> None:
        if id_ := self._some(chance):
            label = f"team-{chance.randrange(5)}"
            self.site.person.edit(id_, fields={}, update={"labels": [{"add": label}]})
            self.did.labels.add((id_, label))

    def _note(self, chance: random.Random) -> None:
        if id_ := self._some(chance):
            text = str(self.site.state.issues[id_].values.get("description") or "")
            self.site.person.edit(id_, fields={"description": f"{text}\n\n{NOTE}"})
            (self.did.notes.add if self._watched else self.did.notes.discard)(id_)

    def _spoil(self, chance: random.Random) -> None:
        """Overwrite a fact, which comes back."""
        if id_ := self._some(chance):
            wrong = chance.choice(({_POINTS: "77"}, {"POA&M Eligible": "No"}, {"POA&M Basis": "because"}))
            self.site.person.edit(id_, fields=self.site.fields.write(wrong))

    def _delete(self, chance: random.Random) -> None:
        found = self.ours()
        if found:
            id_ = chance.choice(found)
            self.site.delete(id_)
            self.did.deleted.add(id_)

    def _clone(self, chance: random.Random) -> None:
        """Clone an issue as Jira does: fields and labels, and no properties."""
        id_ = self._some(chance)
        if id_ is None:
            return
        was = self.site.state.issues[id_]
        requirement = str(was.values.get(self.site.fields.ids["CMMC Requirement"]))
        fields = {
            "project": {"key": "CMMC"},
            "issuetype": {"name": "CMMC Remediation"},
            "summary": f"CLONE - {was.values['summary']}",
            "labels": list(was.values.get("labels") or ()),
            **self.site.fields.write({"CMMC Requirement": requirement}),
        }
        self.site.person.create([NewIssue(fields, {})])

    def _decide(self, chance: random.Random) -> None:
        if id_ := self._some(chance):
            day = self.site.clock.today().isoformat()
            values = {"CMMC Finding": "MET", "CMMC Decision": "re-evaluation", "CMMC Decision Date": day}
            self.site.person.edit(id_, fields=self.site.fields.write(values))
            self.did.decided = True

    def _acknowledge(self, chance: random.Random) -> None:
        if id_ := self._some(chance):
            until = (self.site.clock.today() + timedelta(days=chance.randint(1, 40))).isoformat()
            values = {"Acknowledged Until": until, "Acknowledgement Reason": "the part is ordered"}
            self.site.person.edit(id_, fields=self.site.fields.write(values))

    def _rename(self, _: random.Random) -> None:
        """Rename a field of ours, or mend it: while it is away nothing can be read."""
        if self.did.renamed is None:
            self.did.renamed = "Old points"
            self._call_field(_POINTS, self.did.renamed)
        else:
            self.mend()

    def _call_field(self, old: str, new: str) -> None:
        state = self.site.state
        for id_, field_ in list(state.fields.items()):
            if field_.name == old:
                state.fields[id_] = replace(field_, name=new)

    def _key(self, chance: random.Random) -> None:
        """Give an issue another key, as moving it away and back does; the former one still leads to it."""
        state = self.site.state
        found = [*self.ours(), self.assessment]
        id_ = chance.choice(found)
        key = state.next_key(next(iter(state.projects.values())))
        state.issues[id_] = replace(state.issues[id_], key=key)
        state.keys[key] = id_

    def _forget(self, chance: random.Random) -> None:
        """Take away what is remembered on the assessment issue, as an import or a script of somebody's may."""
        issue = self.site.state.issues[self.assessment]
        left = {key: value for key, value in issue.properties.items() if key != "cmmc-jira"}
        if chance.random() < 0.5:
            self.site.state.issues[self.assessment] = replace(issue, properties=left)
