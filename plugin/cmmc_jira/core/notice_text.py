"""The words of a notice: mentions, the rung's template filled in, what was slept through, who could not be told."""

from collections.abc import Mapping, Sequence

from cmmc_jira.core.backplan import Schedule
from cmmc_jira.core.roles import Told
from cmmc_jira.core.text import Markup
from cmmc_jira.core.world import World
from cmmc_rules.ladder import Clock, Run
from cmmc_rules.records import Evaluation, Item


def compose(
    say: str, values: Mapping[str, object], told: Told, *, world: World, slept: Sequence[str], texts: Mapping[str, str]
) -> Markup:
    """Return the comment that a rung makes: `slept` are the steps that nobody was awake to say, in words."""


def item_values(
    item: Item, *, world: World, official: Evaluation, schedule: Schedule | None, run: Run
) -> Mapping[str, object]:
    """Return what a template about an item may use."""


def assessment_values(
    clock: Clock, *, world: World, official: Evaluation, schedule: Schedule | None, run: Run
) -> Mapping[str, object]:
    """Return what a template about the assessment may use."""


def digest(person: str, rows: Sequence[Mapping[str, object]], *, world: World) -> Markup:
    """Return the comment on the status issue that stands for several notices to one person; `rows` are item values."""
