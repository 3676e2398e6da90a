"""What the name of a column says of its content."""

import re
import unicodedata
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from typing import Final


class Role(StrEnum):
    """What a column is taken for; the values are the names that `--map` knows."""

    ID = "id"
    STATUS = "status"
    OBJECTIVE = "objective"
    NOTE = "note"
    OWNER = "owner"
    DUE = "due"
    ASSET = "asset"
    VARIANT = "variant"
    POINTS = "points"


# For each role, patterns over the folded name, the best first. A name is searched for them, not matched whole.
_PATTERNS: Final[Mapping[Role, tuple[str, ...]]] = {
    Role.ID: (
        r"^(cmmc )?(requirement|req|control|practice) (id|identifier|number|no|num|ref|reference)$",
        r"^(cmmc|nist|800 171|nist sp 800 171|sp 800 171)( 2 0| r2| rev 2)? (id|number|requirement|control|practice)s?",
        r"^(requirement|control|practice|security requirement|ref id|req|identifier|id|number)$",
        r"\b(requirement|control|practice|cmmc|800 171|ref|id)\b",
    ),
    Role.OBJECTIVE: (
        r"^(assessment |requirement |determination )?obj(ective)?s?( id| number| no| letter| ref)?$",
        r"\bobjective\b",
        r"^(letter|sub( part| id)?|part|ao|determination( statement)?)$",
    ),
    Role.NOTE: (
        r"^(assessor|overall|assessment|auditor|c3pao) (comment|note|remark|observation)s?$",
        r"^(comment|note|remark|observation|finding detail|finding description|finding note)s?\b",
        r"\b(comment|note|remark|observation|rationale|justification)s?$",
        r"^(gap|deficiency|weakness|finding|evidence summary)s?( description| detail| statement)?s?$",
    ),
    Role.OWNER: (
        r"^(control |requirement |remediation |action |poam |task )?owner( name| email)?$",
        r"^(assigned to|assignee|responsible( person| party| individual| role)?|point of contact|poc|accountable)$",
    ),
    Role.DUE: (
        r"^(due|due date|date due|deadline)$",
        r"\b(target|planned|scheduled|estimated|expected|remediation|poam)( \w+)? (date|completion)\b",
        r"^(completion date|ecd|complete by|fix by)$",
    ),
    Role.ASSET: (
        r"^asset( name| id| group| tag)?s?$",
        r"^(system component|component|host|hostname|device|location|site|environment|enclave|system)s?( name)?$",
    ),
    Role.VARIANT: (r"^variant$", r"^(requirement |finding )?variant\b"),
    Role.POINTS: (
        r"^(point|weight|requirement|sprs|dod|dodam|nist|cmmc)s? (point |weight )?(value|weight|point)s?$",
        r"^(points?|value|weight|weighting|sprs weight|max points|possible points)$",
        r"\bpoints?\b.*\b(subtracted|deducted|lost)\b|^(deductions?|score impact)$",
    ),
}
# Names of status columns, the surest first.
_STATUS: Final = (
    r"^(final |assessor |assessment |c3pao |cmmc |audit |requirement |control )*findings?$",
    r"\bmet (or )?not met\b|\bdetermination\b|\b(assessment|compliance|cmmc|objective|audit) (result|status)\b",
    r"^(result|outcome|conclusion|score|rating|verdict)s?$|\b(assessment|cmmc|objective|requirement) score\b",
    r"^(current |overall |control |practice )?(status|compliance|compliant|met|conformity)$",
    r"\b(implementation|implemented|state|status|result|finding)\b",
)
_VERIFIED: Final = re.compile(r"\b(verified|validated|assessor|assessed|c3pao|dibcac|final|official|actual)\b")
_CLAIMED: Final = re.compile(
    r"\b(claimed|self|target|planned|desired|future|previous|prior|last|baseline|goal|expected|initial|osc|vendor)\b"
)
_OF_OTHER_THINGS: Final = re.compile(
    r"\b(evidence|artifacts?|document|documentation|documented|policy|procedure|poam|plan|remediation|task|ticket|jira"
    r"|review|approval|progress|workflow|ssp|priority|severity|risk|allowed|inherited|inheritance|responsib\w*|gap"
    r"|deficien\w*|training|stage|phase|effort|milestone|scope|applicable|test|guidance|description|statement|details?"
    r"|date|notes?|comments?|by)\b"
)
_LONGEST_NAME: Final = 80
DEDUCTION: Final = re.compile(r"\b(subtracted|deducted|deductions?|lost|loss)\b")
"""Names of columns that hold what a row costs rather than what its requirement is worth."""


def folded_heading(name: str) -> str:
    """The name in lower case, its words separated by one blank and nothing else."""
    plain = unicodedata.normalize("NFKC", name).lower().replace("poa&m", "poam").replace("&", " and ")
    return " ".join(re.sub(r"[^a-z0-9]+", " ", plain).split())


@cache
def fit(role: Role, name: str) -> int | None:
    """How well the name fits the role: 0 is best, None not at all. `Role.STATUS` has a module of its own."""
    folded = folded_heading(name)
    for rank, pattern in enumerate(_PATTERNS[role]):
        if re.search(pattern, folded):
            return rank
    return None


@cache
def status_rank(name: str) -> tuple[int, int] | None:
    """How surely a column of this name holds the findings: the least is the surest, None not at all.

    Of two names of one kind, what an assessor verified comes before what somebody claimed, plans or once had.
    """
    folded = folded_heading(name)
    if is_of_other_things(name):
        return None
    for rank, pattern in enumerate(_STATUS):
        if re.search(pattern, folded):
            return rank, -1 if _VERIFIED.search(folded) else 1 if _CLAIMED.search(folded) else 0
    return None


@cache
def is_of_other_things(name: str) -> bool:
    """Whether a column of this name speaks of evidence, plans, shares or the like, whatever words it uses."""
    return _OF_OTHER_THINGS.search(folded_heading(name)) is not None


@cache
def is_heading(name: str) -> bool:
    """Whether the text is like the name of some column that findings files have."""
    if len(name) > _LONGEST_NAME:
        return False
    return status_rank(name) is not None or any(fit(role, name) is not None for role in _PATTERNS)
