"""An evaluation as JSON: the keys that other programs rely on, all of them always, in one order."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from cmmc_rules.answers import GateAnswer, Notice, ReasonGiven
from cmmc_rules.records import Appeal, Evaluation, Item, Reevaluation


def as_json(evaluation: Evaluation) -> Mapping[str, Any]:
    """The evaluation as a JSON object: dates as `YYYY-MM-DD`, points and days as whole numbers, unknowns as null."""
    return {
        "level": evaluation.level.value,
        "path": evaluation.path.value,
        "as_of": _day(evaluation.as_of),
        "posted": evaluation.posted,
        "score": evaluation.score,
        "max_score": evaluation.max_score,
        "min_conditional_score": evaluation.min_conditional_score,
        "score_at_worst": evaluation.score_at_worst,
        "score_at_best": evaluation.score_at_best,
        "status": evaluation.status.value,
        "sprs_status_type": evaluation.sprs_status_type.value if evaluation.sprs_status_type else None,
        "conditional_eligible": evaluation.conditional_eligible,
        "gates": [_gate(gate) for gate in evaluation.gates],
        "reasons": [_reason(reason) for reason in evaluation.reasons],
        "notices": [_notice(notice) for notice in evaluation.notices],
        "items": [_item(item) for item in evaluation.items],
        "not_assessed": list(evaluation.not_assessed),
        "cmmc_status_date": _day(evaluation.cmmc_status_date),
        "deadline": _day(evaluation.deadline),
        "day_number": evaluation.day_number,
        "days_remaining": evaluation.days_remaining,
        "valid_through": _day(evaluation.valid_through),
        "next_annual_affirmation_due": _day(evaluation.next_annual_affirmation_due),
        "affirmation_current": evaluation.affirmation_current,
        "closeout_affirmation_required": evaluation.closeout_affirmation_required,
        "retain_through": _day(evaluation.retain_through),
        "hashing_required": evaluation.hashing_required,
        "reevaluation": _reevaluation(evaluation.reevaluation),
        "appeal": _appeal(evaluation.appeal),
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _gate(gate: GateAnswer) -> Mapping[str, Any]:
    return {"id": gate.gate.value, "held": gate.held, "citation": gate.citation, "because": gate.because}


def _reason(reason: ReasonGiven) -> Mapping[str, Any]:
    return {
        "code": reason.code.value,
        "requirement": reason.requirement,
        "citation": reason.citation,
        "because": reason.because,
    }


def _notice(notice: Notice) -> Mapping[str, Any]:
    return {
        "code": notice.code,
        "requirement": notice.requirement,
        "citation": notice.citation,
        "because": placed(notice),
    }


def placed(notice: Notice) -> str:
    """The notice's text, with the place in the file before it unless the text names the place itself."""
    if notice.row is None:
        return notice.because
    place = f"row {notice.row}" if notice.row.isdecimal() else notice.row
    return notice.because if place in notice.because else f"{place}: {notice.because}"


def _item(item: Item) -> Mapping[str, Any]:
    return {
        "requirement": item.requirement,
        "name": item.name,
        "points": item.points,
        "poam_eligible": item.poam_eligible,
        "objectives_not_met": list(item.objectives_not_met),
        "variant": item.variant,
        "citation": item.citation,
        "because": item.because,
    }


def _reevaluation(window: Reevaluation) -> Mapping[str, Any]:
    return {
        "open": window.open,
        "last_day": _day(window.last_day),
        "reasons": [_reason(reason) for reason in window.reasons],
    }


def _appeal(appeal: Appeal) -> Mapping[str, Any]:
    return {
        "last_day": _day(appeal.last_day),
        "timely": appeal.timely,
        "reasons": [_reason(reason) for reason in appeal.reasons],
    }
