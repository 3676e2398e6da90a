"""How Jira says no."""

from collections.abc import Iterable, Mapping


class Refused(Exception):
    """A request that Jira answers with an error; `errors` is by field id. A body of text is sent as a page."""

    def __init__(
        self,
        status: int,
        *messages: str,
        errors: Mapping[str, str] | None = None,
        body: object | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(messages or errors)
        self.status = status
        self.messages: tuple[str, ...] = messages
        self.errors: Mapping[str, str] = dict(errors or {})
        self.own_body = body
        self.headers: Mapping[str, str] = dict(headers or {})

    def body(self) -> object:
        """The JSON that Jira sends with it."""
        if self.own_body is not None:
            return self.own_body
        return {"errorMessages": list(self.messages), "errors": dict(self.errors)}


def issue_not_found() -> Refused:
    """404 for an issue that is deleted, hidden or never was."""
    return Refused(404, "Issue does not exist or you do not have permission to see it.")


def unauthenticated() -> Refused:
    """401 where an account is needed."""
    return Refused(401, "You are not authenticated. Authentication required to perform this operation.")


def bad_payload() -> Refused:
    """400 for a body with keys that the operation does not know."""
    return Refused(400, "Invalid request payload. Refer to the REST API documentation and try again.")


def fields_refused(errors: Mapping[str, str], messages: Iterable[str] = ()) -> Refused:
    """400 with one sentence per field."""
    return Refused(400, *messages, errors=errors)


def status_refused(status: int, sentence: str) -> Refused:
    """The answer of Jira's REST framework itself, before any resource had its say."""
    return Refused(status, body={"message": sentence, "status-code": status})


def not_authenticated() -> Refused:
    """401 of Jira's REST framework, where an account is needed."""
    return status_refused(401, "Client must be authenticated to access this resource.")
