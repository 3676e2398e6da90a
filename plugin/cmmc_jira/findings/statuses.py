"""The one table of status words: what an assessor's word means as a finding under 32 CFR 170.24(b)."""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from cmmc_rules.words import Result, Variant

_MET: Final = (
    "MET, IMPLEMENTED, FULLY IMPLEMENTED, FULLY MET, DEMONSTRATED, FULLY DEMONSTRATED, COMPLIANT, FULLY COMPLIANT, "
    "SATISFIED, FULLY SATISFIED, PASS, PASSED, YES, Y, C, I, ✅, ✔, ☑, 🟢"
)
_NOT_MET: Final = (
    "NOT MET, UNMET, OTHER THAN SATISFIED, NOT SATISFIED, UNSATISFIED, NON COMPLIANT, NOT COMPLIANT, NC, NI, GAP, "
    "NOT IMPLEMENTED, NOT DEMONSTRATED, NO, N, FAIL, FAILED, NOT PASSED, DEFICIENT, FALSE, NOT MET 3, NOT MET 5, "
    "❌, ✖, ✗, ✘, 🔴"
)
_NA: Final = "N/A, NOT APPLICABLE, DOES NOT APPLY, ⬜, 🚫"
_NOT_ASSESSED: Final = (
    "NOT ASSESSED, UNASSESSED, NOT STARTED, IN PROGRESS, IN REVIEW, TO DO, PENDING, PENDING REVIEW, REVIEW, "
    "UNREVIEWED, NOT REVIEWED, NOT TESTED, NOT EVALUATED, UNSURE, UNKNOWN, TBD, TBC, NONE, SELECT, ?, -, ❓, ⏳"
)
_CONFIRM_MET: Final[Mapping[str, str]] = {
    "TRUE": "it is MET only if the column says of each requirement that it is met",
    "INHERITED, FULLY INHERITED, 🔄": (
        "it is MET only if evidence shows that the provider meets it for this system (32 CFR 170.24(b)(1))"
    ),
    "ALTERNATIVE IMPLEMENTATION, ALTERNATIVE APPROACH, COMPENSATING CONTROL, DOD CIO ADJUDICATION": (
        "it is MET only if the DoD CIO has adjudicated it and the SSP holds that (32 CFR 170.24(c)(2)(i)(B)(8))"
    ),
    "MET ENDURING EXCEPTION, ENDURING EXCEPTION": (
        "it is MET only if the SSP describes the exception and its mitigations (32 CFR 170.24(b)(1)(i))"
    ),
    "MET TEMPORARY DEFICIENCY, TEMPORARY DEFICIENCY, "
    "TEMPORARY DEFICIENCY WITH OPERATIONAL PLAN OF ACTION, MET OPERATIONAL PLAN OF ACTION": (
        "it is MET only if an operational plan of action addresses the deficiency (32 CFR 170.24(b)(1)(ii))"
    ),
}
_CONFIRM_NOT_MET: Final = (
    "PI, 🔶, 🟡, 🟠, ⚠, PLANNED, TO BE IMPLEMENTED, 📋, POAM, IN POAM, ON POAM, POAM ITEM, IN POA AND M, ON POA AND M, "
    "REMEDIATION IN PROGRESS, IN REMEDIATION, MOSTLY MET, MOSTLY IMPLEMENTED, LARGELY MET, LARGELY IMPLEMENTED, PARTIAL"
)
_NO_PARTIAL: Final = "there is no partial credit (32 CFR 170.24(b)), so anything short of MET is NOT MET"
_DECISIONS: Final = (
    "RISK ACCEPTED, ACCEPTED RISK, ACCEPTED, TEMPORARY EXCEPTION, EXCEPTION, WAIVER, WAIVED, OUT OF SCOPE, SHARED, "
    "SHARED RESPONSIBILITY, PARTIAL RESPONSIBILITY, CUSTOMER RESPONSIBILITY, HIGH, MEDIUM, LOW, CRITICAL"
)
_PLAN_STATES: Final = (
    "OPEN, ONGOING, DELAYED, RISK ACCEPTED, MITIGATED, PENDING VALIDATION, COMPLETED, COMPLETE, CLOSED, REMEDIATED, "
    "CLOSED NOT APPLICABLE, IN PROGRESS, NOT STARTED, PLANNED, ACTIVE, OVERDUE"
)
_SYMBOLS: Final = frozenset("✅✔☑🟢❌✖✗✘🔴⬜🚫❓⏳🔄🔶🟡🟠⚠📋")
_VARIANTS: Final = {"NOTMET3": Variant.EMPLOYED_NOT_FIPS_VALIDATED, "NOTMET5": Variant.NOT_EMPLOYED}
_UNMET_STEMS: Final = ("NOTMET", "NOTIMPLEMENTED", "NONCOMPLIANT", "NOTSATISFIED", "OTHERTHANSATISFIED", "FAILED")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a status word was read as. `confirm` says what must hold for that reading to be right, if it is not plain.

    `variant` is what the eMASS workbook's `Not Met -3` and `Not Met -5` say of SC.L2-3.13.11.
    """

    result: Result
    confirm: str | None = None
    variant: Variant | None = None


def read_status(word: str, also: Mapping[str, Result] | None = None) -> Reading | None:
    """What the word means as a finding, or None when it is not known; `also` are words that the user has settled.

    Case, spaces, `_`, `-`, punctuation and the variants of an emoji do not matter. A blank is not assessed.
    """
    if not word.strip():
        return Reading(Result.NOT_ASSESSED)
    if word.strip().startswith("#"):  # a formula's error: #N/A is not N/A
        return None
    key = folded_word(word)
    for said, result in (also or {}).items():
        if folded_word(said) == key:
            return Reading(result)
    return _WORDS.get(key) or _composed(word, key)


def is_plan_state(word: str) -> bool:
    """Whether the word is a state of a POA&M item, which is no finding."""
    return folded_word(word) in _STATES


def is_decision(word: str) -> bool:
    """Whether the word is an organisation's own decision, a share of responsibility or a severity: never a finding."""
    return folded_word(word) in _DECIDED


def folded_word(word: str) -> str:
    """The word's letters, digits and symbols in upper case; marks alone (`-`, `?`) stay as they are."""
    plain = unicodedata.normalize("NFKC", word.strip()).upper().replace("&", "")
    kept = "".join(each for each in plain if each.isalnum() or each in _SYMBOLS)
    return kept or plain


def _composed(word: str, key: str) -> Reading | None:
    """What a word with a symbol before it means, or one that is a known word with an explanation behind it."""
    symbols = "".join(each for each in key if each in _SYMBOLS)
    if symbols and symbols != key:
        read, shown = read_status("".join(each for each in key if each not in _SYMBOLS)), _WORDS.get(symbols[0])
        return read if read and (shown is None or shown.result == read.result) else None
    if key.startswith("PARTIAL") and not is_decision(word):
        return Reading(Result.NOT_MET, _NO_PARTIAL)
    if key.startswith(_UNMET_STEMS):
        return Reading(Result.NOT_MET, "the word NOT MET was taken and what follows it was not read")
    return None


def _split(words: str) -> Iterable[str]:
    return (folded_word(word) for word in words.split(", "))


def _table() -> dict[str, Reading]:
    table: dict[str, Reading] = {}
    plain = ((_MET, Result.MET), (_NOT_MET, Result.NOT_MET), (_NA, Result.NA), (_NOT_ASSESSED, Result.NOT_ASSESSED))
    for words, result in plain:
        for key in _split(words):
            table[key] = Reading(result, variant=_VARIANTS.get(key))
    for words, condition in _CONFIRM_MET.items():
        table |= dict.fromkeys(_split(words), Reading(Result.MET, condition))
    return table | dict.fromkeys(_split(_CONFIRM_NOT_MET), Reading(Result.NOT_MET, _NO_PARTIAL))


_WORDS: Final = _table()
_STATES: Final = frozenset(_split(_PLAN_STATES))
_DECIDED: Final = frozenset(_split(_DECISIONS))
