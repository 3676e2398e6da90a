"""A trial of every kind of write on one throw-away issue, which is gone afterwards, or closed where we may not delete.

Each step is tried by itself, so that all that fails is told at once; whatever fails, the issue is cleared away. What a
run left that was killed is cleared away by the next.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Final

from cmmc_jira.core.fields import ASSIGNEE, DESCRIPTION, DUE, SUMMARY, Fields, map_fields
from cmmc_jira.core.issues import Category, Kind
from cmmc_jira.core.jql import quoted
from cmmc_jira.core.mapping import Tie
from cmmc_jira.core.text import mention
from cmmc_jira.errors import CmmcJiraError, JiraRefused, JiraUnavailable
from cmmc_jira.service.checks.case import Case
from cmmc_jira.service.checks.verdict import Check, Verdict
from cmmc_jira.service.newcomer import demanded, with_people
from cmmc_jira.service.ports import NewIssue

CREATE: Final = Check("test issue", "the project", "So every remediation issue begins.")
EDIT: Final = Check("test edit", "the edit screen, the permissions", "So facts are kept right and owners given.")
MENTION: Final = Check("test mention", "the comment", "Whoever is not mentioned in Jira's own form gets no mail.")
LINK: Final = Check("test link", "the link type, the permissions", "A link joins an issue with its assessment.")
MOVES: Final = Check("test moves", "the workflow", "So items are closed when they are mended, and opened again.")
DELIVERY: Final = Check(
    "test delivery", "the way from Jira to this service", "Without it changes are noticed by the hourly look alone."
)
REMOVAL: Final = Check("test removal", "the project", "What was only a trial must not be taken for work.")
CHECKS: Final = (CREATE, EDIT, MENTION, LINK, MOVES, DELIVERY, REMOVAL)

LABEL: Final = "cmmc-doctor"
PATIENCE_SECONDS: Final = 60
"""Cloud delivers within about half a minute: https://developer.atlassian.com/cloud/jira/platform/webhooks/"""

_LOOKS: Final = 6
_LOOK_SECONDS: Final = 5.0
_TICKS: Final = timedelta(hours=2)
_SUMMARY: Final = "Throw-away issue of cmmc-jira doctor: nobody needs to act"
_TEXT: Final = "Written by `cmmc-jira doctor --write-test` to see whether writing works. It may be deleted at any time."


@dataclass(slots=True)
class _Trial:
    """One trial under way: `id` and `key` are the issue's, once it is there."""

    case: Case
    pause: Callable[[float], None]
    fields: Fields
    me: str
    began: datetime
    id: str = ""
    key: str = ""
    found: list[Verdict] = field(default_factory=list)

    def step(self, check: Check, act: Callable[[], Verdict]) -> None:
        """Make one step; a failure is a fault of its check."""
        try:
            self.found.append(act())
        except CmmcJiraError as error:
            self.found += check.refused(error)


def rehearse(case: Case, *, pause: Callable[[float], None]) -> list[Verdict]:
    """Return what came of each step; nothing but what is said stays in Jira. `pause` waits for so many seconds."""
    try:
        fields = map_fields(case.jira.fields(), flavour=case.jira.site().flavour, mapping=case.mapping)
        fields = with_people(fields, case.project, case.jira)
        me = str(case.jira.myself()[fields.user_key])
    except CmmcJiraError as error:
        return list(CREATE.refused(error))
    trial = _Trial(case, pause, fields, me, case.machine.now())
    try:
        trial.step(CREATE, lambda: _create(trial))
        if trial.id:
            trial.step(EDIT, lambda: _edit(trial))
            trial.step(MENTION, lambda: _mention(trial))
            trial.step(LINK, lambda: _link(trial))
            trial.step(MOVES, lambda: _move(trial))
            trial.step(DELIVERY, lambda: _delivered(trial))
    finally:
        trial.step(REMOVAL, lambda: _clear(trial))
    return trial.found


def _create(trial: _Trial) -> Verdict:
    [made] = trial.case.jira.create([_new(trial)])
    if made.id is None or made.key is None:
        raise JiraRefused(made.refused or "Jira refused to create the issue and gave no reason.")
    trial.id, trial.key = made.id, made.key
    return CREATE.ok(f"{made.key} was created, with every kind of value that the service writes.")


def _new(trial: _Trial) -> NewIssue:
    """Return the throw-away issue: a remediation issue as this project wants it, but for the labels that mark ours."""
    case, fields, key = trial.case, trial.fields, Kind.REMEDIATION.key
    values = {
        SUMMARY: _SUMMARY,
        DESCRIPTION: _TEXT,
        ASSIGNEE: trial.me,
        DUE: case.clock.today().isoformat(),
        "CMMC Requirement": "none",
        "CMMC Points": "1",
        "POA&M Eligible": "No",
        "POA&M Basis": "none",
        "Objectives Not Met": "none",
    }
    parent = {}
    if fields.parent_id:
        found = case.checkup.newest(case.project, case.mapping.type_name(Kind.ASSESSMENT.key))
        if not found:
            raise JiraRefused(
                f"No assessment issue is in {case.project} that a new issue could be under: create one, then try again."
            )
        parent = {fields.parent_id: {"key": found[0].key} if fields.parent_id == "parent" else found[0].key}
    return NewIssue(
        fields={
            **demanded(Kind.REMEDIATION, "", fields.mapping),
            **fields.extras.creates.get(key, {}),
            **fields.write(values),
            **parent,
            "project": {"key": case.project},
            "issuetype": {"name": fields.mapping.type_name(key)},
            "labels": [LABEL],
        },
        properties={LABEL: {"began": trial.began.isoformat()}},
    )


def _edit(trial: _Trial) -> Verdict:
    jira, after = trial.case.jira, {SUMMARY: f"{_SUMMARY}!", "CMMC Points": "3"}
    labels = {"labels": [{"add": f"{LABEL}-edited"}]}
    jira.edit(trial.id, fields=trial.fields.write({**after}), update=labels, properties={LABEL: {"edited": "yes"}})
    read = trial.fields.read(jira.issue(trial.id, trial.fields.all_ids())["fields"])
    lost = [name for name, value in after.items() if read.get(name) != value]
    if lost:
        return EDIT.fault(
            f"What was written into {', '.join(lost)} is not what is there.",
            "See which automation rule of the project changes it, and leave our issues out of it.",
        )
    return EDIT.ok("Fields, labels and a property were changed in one edit, and read back.")


def _mention(trial: _Trial) -> Verdict:
    written = mention(trial.me, trial.case.jira.site().flavour)
    comment = trial.case.jira.comment(trial.id, f"A mention of our own account: {written}")
    bodies = {str(row["id"]): str(row.get("body") or "") for row in trial.case.jira.comments(trial.id)}
    if written in bodies.get(comment, ""):
        return MENTION.ok(f"A comment was added, and its mention {written} came back as one.")
    return MENTION.fault(
        f"The mention {written} did not come back as one.",
        "Set the renderer of comments to wiki style in the field configuration of the project.",
    )


def _link(trial: _Trial) -> Verdict:
    case = trial.case
    if case.mapping.tie is not Tie.LINK:
        return LINK.ok(f"Issues are tied to their assessment by {case.mapping.tie.value}, so no link was tried.")
    others = [
        sample
        for kind in (Kind.ASSESSMENT, Kind.STATUS, Kind.REMEDIATION, Kind.FINDING)
        for sample in case.checkup.newest(case.project, case.mapping.type_name(kind.key))
        if sample.id != trial.id
    ]
    if not others:
        return LINK.ok("There is no other issue of ours yet that could be linked with.")
    case.jira.link(case.mapping.link_type, trial.id, others[0].id)
    made = list(trial.case.stage.links(trial.id))
    for link in made:
        trial.case.stage.unlink(link)
    if not made:
        return LINK.fault(f"The link with {others[0].key} is not there.", 'Grant "Link issues" to the service account.')
    return LINK.ok(f"The issue was linked with {others[0].key}, and the link taken away again.")


def _move(trial: _Trial) -> Verdict:
    names = [
        trial.case.jira.transition(trial.id, category.value, trial.fields.way(Kind.REMEDIATION, category))
        for category in (Category.DONE, Category.NEW)
    ]
    return MOVES.ok(f"The issue was moved to {names[0]} and back to {names[1]}.")


def _delivered(trial: _Trial) -> Verdict:
    """Wait until a delivery came that is not older than the trial: the issue's own, or one no older than it."""
    case = trial.case
    if not case.webhook_secrets and not case.by_forge:
        return DELIVERY.warn(
            "No webhook secret is set, so no delivery was waited for.", "Set CMMC_JIRA_WEBHOOK_SECRET."
        )
    heard = case.heard()
    if heard.ticked is None or case.clock.now() - heard.ticked > _TICKS:
        return DELIVERY.warn(
            "The service does not run on this database now, so no delivery was waited for.",
            "Start `cmmc-jira serve` with the same CMMC_JIRA_DATABASE_URL, then try again.",
        )
    for second in range(PATIENCE_SECONDS + 1):
        if heard.delivered is not None and heard.delivered >= trial.began:
            return DELIVERY.ok(f"Jira's delivery was taken in, {second} seconds after the last change.")
        trial.pause(1.0)
        heard = case.heard()
    return DELIVERY.fault(
        f"No delivery came within {PATIENCE_SECONDS} seconds after {trial.key} was changed.",
        "See that Jira reaches the webhook's address, and that its secret is ours: /metrics counts deliveries that "
        "were refused, Jira's own log names those that failed.",
    )


def _clear(trial: _Trial) -> Verdict:
    """Remove our issue, and those that earlier trials left; one whose create is in doubt is looked for."""
    doubtful = not trial.id and any(each.passing for each in trial.found)
    gone: list[str] = []
    closed: list[str] = []
    if trial.id:  # before anything is asked that may fail
        (gone if _removed(trial, trial.id) else closed).append(trial.key)
    left = dict(_left(trial))
    for _ in range(_LOOKS if doubtful else 0):
        if left:
            break
        trial.pause(_LOOK_SECONDS)
        left = dict(_left(trial))
    for id_, key in left.items():
        (gone if _removed(trial, id_) else closed).append(key)
    if closed:
        return REMOVAL.warn(
            f"{', '.join(closed)} may not be deleted by the service account, and was closed instead.",
            "Delete it in Jira when you like; nothing depends on it.",
        )
    if doubtful and not left:
        return REMOVAL.warn(
            f"Jira did not say whether it created an issue, and none with the label {LABEL} is found.",
            "Run `cmmc-jira doctor --write-test` again in a few minutes: it clears away what is left.",
        )
    return REMOVAL.ok(f"{', '.join(gone)} was deleted again." if gone else "There is nothing to be cleared away.")


def _left(trial: _Trial) -> Iterator[tuple[str, str]]:
    """Yield id and key of each issue of an earlier trial, made by us, that is not closed."""
    case = trial.case
    jql = f"project = {quoted(case.project)} AND labels = {quoted(LABEL)} ORDER BY id"
    for raw in case.jira.search(jql, ["creator", "status", "summary"]):
        given = raw.get("fields") or {}
        ours = str((given.get("creator") or {}).get(trial.fields.user_key)) == trial.me
        done = ((given.get("status") or {}).get("statusCategory") or {}).get("key") == Category.DONE
        if ours and not done and raw["id"] != trial.id and str(given.get("summary")).startswith(_SUMMARY):
            yield str(raw["id"]), str(raw["key"])


def _removed(trial: _Trial, id_: str) -> bool:
    """Delete an issue, trying again while Jira is away; False when we may not, and it was closed instead."""
    for look in range(_LOOKS):
        try:
            trial.case.stage.remove(id_)
        except JiraRefused as refused:
            if refused.status == HTTPStatus.NOT_FOUND:
                return True
            break
        except JiraUnavailable:
            if look == _LOOKS - 1:
                raise
            trial.pause(_LOOK_SECONDS)
        else:
            return True
    for link in trial.case.stage.links(id_):
        trial.case.stage.unlink(link)
    trial.case.jira.transition(id_, Category.DONE.value, trial.fields.way(Kind.REMEDIATION, Category.DONE))
    return False
