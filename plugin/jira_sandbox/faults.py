"""What goes wrong on demand: failing calls, rate limits, latency, a lagging index, unreliable webhooks."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

CUT = "cut"
FAILURES = range(400, 600)
SHAPES = (
    '{"call": n, "when": "before" or "after", "status": 500 or "cut"}',
    '{"rate_limit": {"every": n, "retry_after": seconds}}',
    '{"latency_ms": n}',
    '{"index_lag": looks}',
    '{"webhooks": {"lose": share, "repeat": share, "reorder": true, "retry_seconds": seconds, "seed": n}}',
)


class BadFault(ValueError):
    """A fault that cannot be set, with one sentence that says what can."""


@dataclass(frozen=True, slots=True)
class FailingCall:
    """One call that fails before or after its effect, with a status or by a cut connection."""

    number: int
    when: str
    status: int | str


@dataclass(slots=True)
class Faults:
    """The faults in force. Calls are counted from the moment a failing call was asked for."""

    failing: list[FailingCall] = field(default_factory=list)
    calls: int = 0
    every: int = 0
    retry_after: int = 0
    limited: int = 0
    latency_ms: int = 0
    index_lag: int = 0
    lose: float = 0.0
    repeat: float = 0.0
    reorder: bool = False
    retry_seconds: float | None = None
    chance: random.Random = field(default_factory=lambda: _chance(0))

    def arrive(self) -> tuple[FailingCall | None, bool]:
        """Count a call; how it must fail, and whether it runs into the rate limit."""
        self.calls += 1
        failing = next((one for one in self.failing if one.number == self.calls), None)
        if failing is not None:
            self.failing.remove(failing)
        self.limited += 1
        return failing, bool(self.every) and self.limited % self.every == 0

    def add(self, wanted: Mapping[str, Any]) -> None:
        """Add these faults to those in force, in the shapes of `SHAPES`."""
        unknown = wanted.keys() - {"call", "when", "status", "rate_limit", "latency_ms", "index_lag", "webhooks"}
        if unknown:
            raise BadFault(f"There is no fault {sorted(unknown)}; there are: {'; '.join(SHAPES)}.")
        if {"call", "when", "status"} & wanted.keys():
            self._fail(wanted)
        if "rate_limit" in wanted:
            limit = _mapping(wanted["rate_limit"], "rate_limit", {"every", "retry_after"})
            self.every = _count(limit.get("every"), "rate_limit.every")
            self.retry_after = _count(limit.get("retry_after", 0), "rate_limit.retry_after")
            self.limited = 0
        if "latency_ms" in wanted:
            self.latency_ms = _count(wanted["latency_ms"], "latency_ms")
        if "index_lag" in wanted:
            self.index_lag = _count(wanted["index_lag"], "index_lag")
        if "webhooks" in wanted:
            self._webhooks(
                _mapping(wanted["webhooks"], "webhooks", {"lose", "repeat", "reorder", "retry_seconds", "seed"})
            )

    def _fail(self, wanted: Mapping[str, Any]) -> None:
        number, when, status = wanted.get("call"), wanted.get("when", "before"), wanted.get("status", 500)
        if not isinstance(number, int) or isinstance(number, bool) or number < 1:
            raise BadFault(f"call must be a whole number from 1 on, not {number!r}.")
        if when not in ("before", "after"):
            raise BadFault(f'when must be "before" or "after", not {when!r}.')
        if status != CUT and status not in FAILURES:
            raise BadFault(f'status must be "cut" or a number from 400 to 599, not {status!r}.')
        if not self.failing:
            self.calls = 0
        self.failing.append(FailingCall(self.calls + number, when, status))

    def _webhooks(self, wanted: Mapping[str, Any]) -> None:
        self.lose = _share(wanted.get("lose", 0), "webhooks.lose")
        self.repeat = _share(wanted.get("repeat", 0), "webhooks.repeat")
        self.reorder = bool(wanted.get("reorder", False))
        if "retry_seconds" in wanted:
            self.retry_seconds = float(_count(wanted["retry_seconds"], "webhooks.retry_seconds"))
        self.chance = _chance(_count(wanted.get("seed", 0), "webhooks.seed"))


def _chance(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 - faults must be repeatable, not unguessable


def _mapping(value: object, name: str, known: set[str]) -> Mapping[str, Any]:
    if not isinstance(value, dict) or value.keys() - known:
        raise BadFault(f"{name} must be an object with {', '.join(sorted(known))}, not {value!r}.")
    return value


def _count(value: object, name: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise BadFault(f"{name} must be a whole number from 0 on, not {value!r}.")
    return value


def _share(value: object, name: str) -> float:
    if not isinstance(value, (int, float)) or isinstance(value, bool) or not 0 <= value <= 1:
        raise BadFault(f"{name} must be a share from 0 to 1, not {value!r}.")
    return float(value)
