"""The status issue: what the compliance lead reads, the official status first.

Nothing here is said as a fact that is not recorded: without a CMMC Status Date every status is a "would be".
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from cmmc_jira.core import citations
from cmmc_jira.core.clocks import booked_of
from cmmc_jira.core.drift import rewritten
from cmmc_jira.core.facts import Facts, Missing, is_ready, ready
from cmmc_jira.core.fields import ASSIGNEE, PRIORITY, SUMMARY
from cmmc_jira.core.identity import STATUS_SUBJECT, labels
from cmmc_jira.core.issues import Actual, Category, Kind, Wanted
from cmmc_jira.core.next_steps import next_steps
from cmmc_jira.core.notices import Effect
from cmmc_jira.core.remediation import window_days
from cmmc_jira.core.text import SUMMARY_LIMIT, TEXT_LIMIT, Markup, cut, escape, listed, reference, render
from cmmc_jira.core.timing import Timing, corrected, picture, risks, section, today_line
from cmmc_jira.core.world import World
from cmmc_rules.answers import Notice
from cmmc_rules.records import Evaluation
from cmmc_rules.words import Gate, Level, Status

_NOTICES_AT_MOST: Final = 40
_NOBODY: Final = "nobody yet"
_ROOM: Final = 2_500
_MARKS: Final = {True: "(/)", False: "(x)", None: "(?)"}
_STATES: Final = {Category.NEW: "to do", Category.INDETERMINATE: "in progress", Category.DONE: "ready"}
_GATES: Final = {
    Gate.SCORE_RATIO: "Score",
    Gate.POINT_VALUES: "No open item worth more than 1 point",
    Gate.NEVER_DEFERRED: "No open item that is barred by name",
    Gate.POAM_PRESENT: "Every NOT MET requirement is on the POA&M",
    Gate.SSP_PRESENT: "System security plan",
    Gate.LEVEL2_PREREQUISITE: "Final Level 2 (C3PAO) on the scope",
    Gate.ALL_MET: "All requirements MET",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """The two evaluations of one assessment, never mixed."""

    official: Evaluation
    projected: Evaluation


def status_issue(
    world: World,
    found: Facts,
    standing: Standing,
    owners: Mapping[str, str | None],
    *,
    held: Sequence[str],
    timing: Timing,
) -> Wanted:
    """Return the status issue; `owners` are user ids by requirement, `held` what needs a person before it is done."""
    official = standing.official
    values = {
        "headline": Markup(headline(official)),
        "subline": Markup(_subline(official)),
        "alarms": [Markup(line) for line in (*_alarms(world, found, standing, timing), *held)],
        "gates": [
            {
                "name": _GATES[gate.gate],
                "mark": Markup(_MARKS[gate.held]),
                "because": gate.because,
                "citation": gate.citation,
            }
            for gate in official.gates
        ],
        "blockers": official.reasons,
        "steps": next_steps(world.assessment, official, found, ready(world)),
        "rows": _rows(world, official, owners),
        "projection": Markup(_projection(world, found, standing)),
        "dates": [row for row in _dates(found, official, world, timing) if row["day"]],
        "notices": _notices((*official.notices, *found.notices)),
        **section(world, official, timing),
    }
    recorded = _recorded(world, standing)
    changed = changes_since(_memory(world).get("facts") or {}, recorded)
    stable = render("status", {**values, "today": None})
    shown = render("status", {**values, "today": today_line(official)})
    effect = timing.notices.effects.get(STATUS_SUBJECT, Effect())
    wanted = _wanted(world, stable, shown, official, changed=changed, recorded=recorded)
    return replace(
        wanted,
        suggestions={**wanted.suggestions, **({PRIORITY: effect.priority} if effect.priority else {})},
        marks=effect.labels,
        says=(*wanted.says, *corrected(world, official, timing), *timing.notices.says.get(STATUS_SUBJECT, ())),
        keep=timing.since.keep(),
        picture=picture(world, official, timing),
    )


def missing_status(world: World, missing: Missing) -> Wanted:
    """Return the status issue of an assessment that cannot be evaluated yet: what has to be entered."""
    stable = render(
        "status-missing", {"steps": missing.sentences, "notices": [notice.because for notice in missing.notices]}
    )
    return _wanted(world, stable, stable, None, changed=(), recorded={"status": "Undetermined"})


def _wanted(
    world: World,
    stable: Markup,
    shown: Markup,
    official: Evaluation | None,
    *,
    changed: Sequence[str],
    recorded: Mapping[str, Any],
) -> Wanted:
    closing = render(
        "as-of",
        {
            "changed": changed,
            "day": world.day,
            "day_number": official.day_number if official and official.status.conditional else None,
            "of": window_days(official) if official else None,
        },
    )
    pointer = "\n\n_The rest is cut: the issues linked here have it all._\n\n"
    whole = shown if len(shown) + len(closing) < TEXT_LIMIT - _ROOM else _cut_at_line(shown, closing) + pointer
    lead = world.assessment.fields.get("Compliance Lead")
    title = f"CMMC status: {world.assessment.fields.get(SUMMARY, world.assessment.key)}"
    return Wanted(
        kind=Kind.STATUS,
        subject=STATUS_SUBJECT,
        facts={},
        suggestions={SUMMARY: cut(title, SUMMARY_LIMIT), **({ASSIGNEE: lead} if lead else {})},
        description=f"{whole.rstrip()}\n\n{closing}",
        stable=stable,
        recorded=recorded,
        labels=labels(world.assessment.id, STATUS_SUBJECT),
        says=rewritten(world),
        why="what it says changed",
    )


def _cut_at_line(stable: str, closing: str) -> str:
    room = TEXT_LIMIT - _ROOM - len(closing)
    return stable[: stable.rfind("\n", 0, room)]


def headline(official: Evaluation) -> str:
    """Return the first line: the official status in words and the score."""
    score = _score(official)
    if official.status is Status.UNDETERMINED:
        count = len(official.not_assessed)
        words = "1 requirement is" if count == 1 else f"{count} requirements are"
        return f"*Undetermined*: {words} not assessed{_bounds(official)}."
    if not official.posted and (official.status.conditional or official.status.final):
        return f"*Would be {escape(official.status)}* if posted as it stands{score}."
    label = official.sprs_status_type
    shown = f" (SPRS shows: {label})" if label and str(label) != str(official.status) else ""
    if not official.posted:
        return f"*Would be no CMMC status*{shown.replace('shows', 'would show')} if posted as it stands{score}."
    return f"*{escape(official.status)}*{shown}{score}."


def _score(official: Evaluation) -> str:
    if official.level is Level.ONE:
        count = len(official.items)
        return f", {count} of {len(official.results)} requirements NOT MET" if count else ", every requirement MET"
    if official.score is None:
        return ", no score"
    return f", score *{official.score} of {official.max_score}*"


def _bounds(official: Evaluation) -> str:
    if official.score_at_best is None or official.score_at_worst is None:
        return ""
    return f"; the score is at best {official.score_at_best} and at worst {official.score_at_worst}"


def _subline(official: Evaluation) -> str:
    if not official.posted:
        return f"No CMMC Status Date is entered, so there is no status yet and no clock runs ({citations.STATUS_DATE})."
    if official.status.conditional:
        return (
            f"The closeout must be *posted* by *{official.deadline}* ({citations.CLOSEOUT_WINDOW}). "
            f"It is the posting that counts, not the day it is assessed and not the last issue done."
        )
    if official.status.final and official.valid_through:
        return f"Valid through {official.valid_through}, as long as the annual affirmations are made."
    if official.status is Status.UNDETERMINED:
        return "Nothing can be said before every requirement is assessed."
    return "There is no status to hold; what follows says why and what to do."


def _alarms(world: World, found: Facts, standing: Standing, timing: Timing) -> list[str]:
    official = standing.official
    alarms = []
    held = official.status.conditional or official.status.final
    if official.posted and held and official.affirmation_current is False:
        alarms.append(f"The annual affirmation is overdue: for an award it is not current ({citations.CURRENT}).")
    if official.closeout_affirmation_required:
        alarms.append(f"The closeout is posted; it must be affirmed in SPRS ({citations.AFFIRMATION}).")
    if found.record is not None:
        alarms += _departures(world, standing)
    return [*alarms, *risks(world, official, timing)]


def _departures(world: World, standing: Standing) -> list[str]:
    """Return what a newer file or edit says otherwise than the frozen findings: shown, and without effect."""
    then = {item.requirement for item in standing.official.items}
    done = then if standing.official.status.final else ready(world)
    now = {item.requirement for item in standing.projected.items}
    new, gone = sorted(now - then), sorted(then - now - done)
    lines = []
    if new:
        lines.append(
            f"Entered after posting: {listed(new)} NOT MET. This changes nothing of the posted result, but the "
            f"affirming official affirms every requirement ({citations.AFFIRMATION}): tell them."
        )
    if gone:
        lines.append(
            f"Entered after posting: {listed(gone)} no longer NOT MET. This changes only the projection; a recorded "
            "re-evaluation, appeal or closeout changes the official findings."
        )
    return lines


def _rows(world: World, official: Evaluation, owners: Mapping[str, str | None]) -> list[dict[str, object]]:
    over = official.posted and official.status.final
    rows: list[dict[str, object]] = []
    for item in official.items:
        issue = world.issues.get(item.requirement)
        owner = issue.fields.get(ASSIGNEE) if issue else owners.get(item.requirement)
        rows.append(
            {
                "owner": world.people.get(owner, owner) if owner else _NOBODY,
                "requirement": item.requirement,
                "name": item.name,
                "issue": reference(item.requirement),
                "points": "" if item.points is None else item.points,
                "mark": Markup("(/)" if item.poam_eligible else "(x)"),
                "state": "closed out" if over else _state(issue),
                "weight": -(item.points or 0),
            }
        )
    rows.sort(key=lambda row: (row["owner"] == _NOBODY, str(row["owner"]).casefold(), row["weight"]))
    return rows


def _state(issue: Actual | None) -> str:
    if issue is not None and is_ready(issue):
        return _STATES[Category.DONE]
    if issue is None or issue.category is Category.DONE:
        return _STATES[Category.NEW]
    return _STATES[issue.category]


def _projection(world: World, found: Facts, standing: Standing) -> str:
    official, projected = standing.official, standing.projected
    done = _open_and_ready(world, official)
    stays = () if official.posted and official.status.final else official.items
    if not done and stays == projected.items:
        return ""
    count = len(official.items)
    opening = f"{len(done)} of {count} NOT MET requirements {'is' if len(done) == 1 else 'are'} ready. "
    if not stays:
        opening = ""
    score = "" if projected.score is None else f", score {projected.score} of {projected.max_score}"
    kind = "it" if official.posted and official.status.conditional else "a new assessment with these findings"
    if not official.posted:
        kind = "the result"
    left = {item.requirement for item in stays} - ready(world)
    later = found.record is not None and left != {item.requirement for item in projected.items}
    subject = f"With what was entered after posting, {kind}" if later else f"{kind[0].upper()}{kind[1:]}"
    status = "no CMMC status" if projected.status is Status.NONE else escape(projected.status)
    would = "would then be" if done else "would be"
    return f"{opening}{subject} {would} {status}{score}; it is not that until it is assessed and posted."


def _open_and_ready(world: World, official: Evaluation) -> frozenset[str]:
    """Return the open items that are ready; of a Final status nothing is open."""
    over = official.posted and official.status.final
    return frozenset() if over else ready(world) & {item.requirement for item in official.items}


def _dates(found: Facts, official: Evaluation, world: World, timing: Timing) -> list[dict[str, object]]:
    held = official.status.conditional or official.status.final
    rows = [
        ("Last day of re-evaluation", official.reevaluation.last_day, citations.reevaluation(official.level)),
        ("Last day to appeal", official.appeal.last_day, official.appeal.citation),
        (f"CMMC Status Date{_frozen(found)}", official.cmmc_status_date, citations.STATUS_DATE),
        ("Last day to post the closeout", official.deadline, citations.CLOSEOUT_WINDOW),
        ("Closeout booked", booked_of(world) if timing.schedule is None else None, ""),
        (
            "Next annual affirmation",
            official.next_annual_affirmation_due if held else None,
            citations.AFFIRMATION,
        ),
        ("Valid through", official.valid_through, citations.validity(official.level, official.path)),
        ("Keep artifacts through", official.retain_through, citations.retention(official.level, official.path)),
    ]
    return [{"what": what, "day": day, "citation": cite} for what, day, cite in rows]


def _frozen(found: Facts) -> str:
    return f", initial findings frozen as {found.record['digest']}" if found.record else ""


def _notices(notices: Sequence[Notice]) -> list[str]:
    shown = [
        (f"{notice.row}: " if notice.row and notice.row not in notice.because else "") + notice.because
        for notice in notices
    ]
    if len(shown) > _NOTICES_AT_MOST:
        shown = [*shown[:_NOTICES_AT_MOST], f"and {len(shown) - _NOTICES_AT_MOST} more: `cmmc-jira status` shows all"]
    return shown


def _memory(world: World) -> Mapping[str, Any]:
    issue = world.issues.get(STATUS_SUBJECT)
    return issue.memory if issue else {}


def _recorded(world: World, standing: Standing) -> dict[str, Any]:
    official = standing.official
    return {
        "status": str(official.status) if official.posted else f"not posted (would be {official.status})",
        "score": official.score,
        "deadline": official.deadline.isoformat() if official.deadline else None,
        "open": [item.requirement for item in official.items],
        "ready": sorted(_open_and_ready(world, official)),
    }


def changes_since(before: Mapping[str, Any], now: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what changed since the status issue was last written, one line each; nothing before the first time."""
    if not before:
        return ()
    names = {"status": "Status", "score": "Score", "deadline": "Deadline"}
    lines = [
        f"{words}: {_in_words(before.get(key))}, now {_in_words(now.get(key))}"
        for key, words in names.items()
        if before.get(key) != now.get(key)
    ]
    for key, gained, lost in (("open", "Now NOT MET", "No longer NOT MET"), ("ready", "Ready", "No longer ready")):
        was, is_ = set(before.get(key) or ()), set(now.get(key) or ())
        lines += [f"{gained}: {listed(sorted(is_ - was))}"] if is_ - was else []
        lines += [f"{lost}: {listed(sorted(was - is_))}"] if was - is_ else []
    return tuple(lines)


def _in_words(value: object) -> str:
    return "none" if value is None else str(value)
