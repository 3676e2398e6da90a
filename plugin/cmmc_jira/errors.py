"""One tree of errors; the class says who must act. Each message is one sentence per mistake, for a person."""

from collections.abc import Iterable


class CmmcJiraError(Exception):
    """Anything this product refuses or cannot do, said so that a person can act on it."""

    exit_code = 1


class _Several(CmmcJiraError):
    """Mistakes that are told all at once, one sentence each."""

    exit_code = 2

    def __init__(self, mistakes: Iterable[str] | str) -> None:
        self.mistakes: tuple[str, ...] = (mistakes,) if isinstance(mistakes, str) else tuple(mistakes)
        super().__init__("\n".join(self.mistakes))


class BadSetting(_Several):
    """The operator must mend a setting or the policy."""


class BadFindings(_Several):
    """The person who gave the findings file or the assessment document must mend it."""


class BadDelivery(CmmcJiraError):
    """The sender of a webhook must mend it; `status` is the HTTP answer."""

    def __init__(self, message: str, *, status: int) -> None:
        super().__init__(message)
        self.status = status


class KeysUnavailable(CmmcJiraError):
    """Wait: the keys that Forge signs with cannot be read now."""


class JiraUnavailable(CmmcJiraError):
    """Wait: Jira cannot be reached or asks for patience; `retry_after` is in seconds where Jira named it.

    `ambiguous` is true when the call may have taken effect all the same (a timeout, a cut connection, a 5xx).
    """

    def __init__(
        self, message: str, *, retry_after: float | None = None, scope: str = "site", ambiguous: bool = False
    ) -> None:
        super().__init__(message)
        self.retry_after = retry_after
        self.scope = scope
        self.ambiguous = ambiguous


class JiraRefused(CmmcJiraError):
    """A person must act: Jira answered and the answer is no; `status` is its HTTP status."""

    def __init__(self, message: str, *, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


class StoreUnavailable(CmmcJiraError):
    """Wait: the database is away; what was accepted is still in it."""


class UnsafePlan(CmmcJiraError):
    """A person must confirm: the plan is larger than one look should ever make, or is not the one that was shown."""


class LeaseLost(CmmcJiraError):
    """Another worker owns the assessment now; this run writes nothing more."""


def sentences(mistakes: Iterable[str]) -> tuple[str, ...]:
    """Return mistakes as sentences, each with its end."""
    return tuple(mistake if mistake.endswith((".", "?")) else f"{mistake}." for mistake in mistakes)
