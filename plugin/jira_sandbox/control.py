"""The sandbox's own controls under `/sandbox`: request log, reset, clock, faults, accounts."""

from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Blueprint, Response, jsonify, request

from jira_sandbox import administration as pages_by_hand
from jira_sandbox import people
from jira_sandbox.faults import BadFault, Faults
from jira_sandbox.refusals import Refused
from jira_sandbox.web import answer, state, time_machine

blueprint = Blueprint("control", __name__, url_prefix="/sandbox")


def _asked() -> dict[str, Any]:
    found = request.get_json(force=True, silent=True)
    if not isinstance(found, dict):
        raise Refused(400, "Send a JSON object.")
    return found


@blueprint.get("/requests")
def requests() -> Response:
    """Every request since the start or the last reset, oldest first, as far as the log holds."""
    return jsonify(list(state().requests))


@blueprint.post("/administration")
def administration() -> Response:
    """Do what an administrator does on Jira's pages because REST has nothing for it."""
    pages_by_hand.administer(state(), _asked())
    return answer({}, 200)


@blueprint.post("/reset")
def reset() -> Response:
    """Back to the beginning."""
    time_machine().stop()
    state().reset()
    return answer({}, 200)


@blueprint.get("/clock")
def read_clock() -> Response:
    """What time it is here."""
    clock = state().clock
    return answer({"now": clock.now().isoformat().replace("+00:00", "Z"), "frozen": clock.frozen is not None})


@blueprint.post("/clock")
def set_clock() -> Response:
    """Set the clock (`now`), move it (`days`, `seconds`), and let it stand or run (`frozen`)."""
    asked = _asked()
    unknown = asked.keys() - {"now", "days", "seconds", "frozen"}
    if unknown or not asked:
        raise Refused(
            400, 'The clock takes {"now": "2026-06-01T09:00:00Z"}, {"days": 1}, {"seconds": 60} or {"frozen": true}.'
        )
    clock = state().clock
    if asked.get("frozen") is True:
        clock.stop()
    try:
        if "now" in asked:
            clock.set(_instant(asked["now"]))
        for unit in ("days", "seconds"):
            if unit in asked:
                clock.advance(_span(unit, asked[unit]))
    except OverflowError as beyond:
        raise Refused(400, str(beyond)) from None
    if asked.get("frozen") is False:
        clock.run()
    return read_clock()


def _instant(raw: object) -> datetime:
    try:
        found = datetime.fromisoformat(str(raw))
    except ValueError:
        raise Refused(400, f"now must be an instant such as 2026-06-01T09:00:00Z, not {raw!r}.") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _span(unit: str, raw: object) -> timedelta:
    if not isinstance(raw, (int, float)) or isinstance(raw, bool):
        raise Refused(400, f"{unit} must be a number, not {raw!r}.")
    return timedelta(**{unit: raw})


@blueprint.post("/faults")
def faults() -> Response:
    """Add faults, or clear them all with `{}`."""
    asked = _asked()
    if not asked:
        state().faults = Faults()
        state().looks.clear()
        return answer({})
    try:
        state().faults.add(asked)
    except BadFault as bad:
        raise Refused(400, str(bad)) from None
    if "index_lag" in asked:
        state().looks[:] = [dict(state().issues)]
    return answer({})


@blueprint.get("/users")
def users() -> Response:
    """The accounts of the sandbox with what they log in by: nothing here is worth guarding."""
    return answer(
        [
            {**people.identity(state(), one), "displayName": one.display_name, "token": one.token,
             "user": people.login_of(state(), one), "email": one.email, "admin": one.admin}
            for one in state().users.values()
        ]
    )  # fmt: skip


@blueprint.get("/webhooks")
def webhooks() -> Response:
    """What came of the last 2,000 attempts to deliver, and how many deliveries wait or are under way."""
    sent = state().webhooks
    outcomes = [
        {"identifier": one.identifier, "webhook": one.webhook, "attempt": one.attempt, "status": one.status}
        for one in sent.outcomes
    ]
    return answer({"waiting": sent.waiting(), "outcomes": outcomes})
