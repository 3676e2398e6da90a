"""`cmmc-jira apply`: one reconcile, no service needed."""

from collections.abc import Sequence

import click

from cmmc_jira.cli.options import check_key
from cmmc_jira.cli.output import print_json, print_text, progress
from cmmc_jira.core.changes import Create
from cmmc_jira.errors import JiraRefused
from cmmc_jira.service.reconcile import Decided, Reconciler
from cmmc_jira.wiring import build_reconciler, settings_of


@click.command(name="apply")
@click.argument("key")
@click.option("--digest", help="Do exactly the plan with this digest, or nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print what was done as one JSON document.")
def command(key: str, *, digest: str | None, as_json: bool) -> None:
    """Bring Jira to what it should hold for the assessment issue KEY.

    With --digest exactly the plan that `cmmc-jira plan` showed is carried out, and nothing when Jira has changed since.

    \b
    Example:
      cmmc-jira apply CMMC-1
      cmmc-jira apply CMMC-1 --digest 0123456789abcdef
    """  # noqa: D301 - \b is click's mark for lines to keep as they are
    settings = settings_of()
    key, reconciler = check_key(key, project=settings.project), build_reconciler(settings)
    with progress().status(f"Looking at {key}"):
        decided, refused = _confirmed(reconciler, key, digest) if digest else _free(reconciler, key)
    calls = dict(reconciler.looker.jira.calls())
    if as_json:
        print_json(
            {
                "assessment": decided.world.assessment.key,
                "digest": decided.plan.digest,
                "changes": dict(decided.plan.counts()),
                "refused": list(refused),
                "needs_a_person": None if digest else decided.held,
                "jira_calls": calls,
            }
        )
    else:
        print_text(_told(decided, calls, refused=len(refused), held=None if digest else decided.held))
    if refused:
        raise JiraRefused("\n".join(_grouped(refused)))


def _free(reconciler: Reconciler, key: str) -> tuple[Decided, tuple[str, ...]]:
    return reconciler.reconcile(key, fence=lambda: None)


def _confirmed(reconciler: Reconciler, key: str, digest: str) -> tuple[Decided, tuple[str, ...]]:
    decided = reconciler.confirmed(key, digest)
    done = reconciler.do(decided, fence=lambda: None)
    return decided, done.refused


def _grouped(refused: Sequence[str]) -> list[str]:
    """Return the sentences, one for all the issues that Jira refused for the same reason."""
    subjects: dict[str, list[str]] = {}
    for sentence in refused:
        subject, _, reason = sentence.partition(": ")
        subjects.setdefault(reason, []).append(subject)
    return [
        f"{first}{f' and {len(others)} more' if others else ''}: {reason}"
        for reason, (first, *others) in subjects.items()
    ]


def _told(decided: Decided, calls: dict[str, int], *, refused: int, held: str | None) -> str:
    key, plan = decided.world.assessment.key, decided.plan
    counted = ", ".join(f"{method} {count}" for method, count in sorted(calls.items()))
    if not plan.changes:
        return f"{key}: nothing to do. Jira calls: {counted}."
    did = f"Jira refused {refused} of them" if refused else f"{len(plan.of(Create))} issues created"
    lines = [f"{key}: {len(plan.changes)} changes, {did}. Jira calls: {counted}."]
    if held:
        lines.append(f"Left for a person: {held} See `cmmc-jira plan {key}`.")
    return "\n".join(lines)
