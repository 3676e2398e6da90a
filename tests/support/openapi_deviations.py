"""What may differ from Atlassian's documents of Jira's REST API, each with its reason.

`*` in a document's name, a path or in what differs stands for anything. A whole run fails for what no exchange needs.
"""

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final


@dataclass(frozen=True, slots=True)
class Deviation:
    """One thing that may differ."""

    document: str
    method: str
    path: str
    what: str
    reason: str

    def covers(self, document: str, method: str, path: str, offence: str) -> bool:
        """Whether it speaks of this offence of an exchange."""
        told = ((document, self.document), (method, self.method), (path, self.path), (offence, self.what))
        return all(fnmatchcase(one, pattern) for one, pattern in told)

    def __str__(self) -> str:
        return f"{self.method} {self.path}: {self.what} ({self.document})"


DATA_CENTER: Final = "Jira Data Center *"
ADMIN_WEBHOOKS: Final = "/rest/*webhook*/1.0/webhook*"
ISSUE: Final = "/rest/api/2/issue/{issueIdOrKey}"
OPTIONS: Final = "/rest/api/2/field/{fieldId}/context/{contextId}/option"
SCHEMES: Final = "/rest/api/2/issuetype*scheme/*"
CHANGES: Final = "response 200: *items/*"
_FAULT = "No operation documents it, and every one may answer so: the sandbox is told to."
_STRING = "The document says that this error is a string, and shows Jira's error object in that string."

ALLOWED: Final = (
    Deviation("*", "*", ADMIN_WEBHOOKS, "response *: no such operation", "They are in none of Atlassian's documents."),
    Deviation("*", "*", "*", "response 429: not documented", _FAULT),
    Deviation("*", "*", "*", "response 50[0234]: not documented", _FAULT),
    Deviation("*", "*", "*", "response 501: *", "The sandbox's own word for what it does not have."),
    Deviation(
        DATA_CENTER, "*", "*", "response 40[45]: no such operation",
        "Tests ask for what only Jira Cloud has; Data Center answers as its document would have it.",
    ),
    Deviation(
        DATA_CENTER, "*", "*", "response 40[0134]: not documented",
        "Every resource may refuse who asks, or what, or have nothing by that name; the document says so of some.",
    ),
    Deviation(
        DATA_CENTER, "GET", "/rest/api/2/screens", "response 200: not documented",
        "The document says of this reading what it says of adding a field to a screen: 201.",
    ),
    Deviation(
        DATA_CENTER, "GET", "/rest/api/2/issuetypescheme", "request: query parameter expand is not documented",
        "The document names it in the operation's description.",
    ),
    Deviation(
        DATA_CENTER, "GET", f"{ISSUE}/transitions", "request: query parameter expand is not documented",
        "The document names it in the operation's description.",
    ),
    Deviation(
        DATA_CENTER, "GET", "/rest/api/2/user/assignable/search",
        "request: query parameter query is not documented",
        "A test asks as Jira Cloud is asked, and is passed over.",
    ),
    Deviation(
        DATA_CENTER, "GET", "/rest/api/2/mypermissions",
        "request: query parameter permissions is not documented",
        "A test asks as Jira Cloud is asked, and is passed over.",
    ),
    Deviation(
        DATA_CENTER, "PUT", f"{ISSUE}/assignee", 'request: name: type "string"',
        "Null takes the assignee away; the document says so in prose only.",
    ),
    Deviation("*", "*", "*", "response 415: not documented", "A body that is no JSON; the document knows JSON alone."),
    Deviation("*", "*", "/rest/api/2/search", "response 410: not documented", "Jira Cloud has the old search no more."),
    Deviation("*", "*", "*", 'response 20?: *: format "date-time"', "Jira writes zones as +0000, RFC 3339 as +00:00."),
    Deviation("*", "*", "*", "response 204: Missing response data", "The document gives 204 a body, HTTP forbids it."),
    Deviation(
        "*", "PUT", f"{ISSUE}/properties/{{propertyKey}}", "response 20[01]: Missing response data",
        "The document gives the answer a body of any shape; Jira sends none.",
    ),
    Deviation(
        "*", "POST", "/rest/api/2/issueLink", "response 201: Missing response data",
        "The document gives the answer a body of any shape; Jira sends none.",
    ),
    Deviation("*", "GET", f"{ISSUE}*", f'{CHANGES}/from*: type "string"', "Jira sends null where a field was empty."),
    Deviation("*", "GET", f"{ISSUE}*", f'{CHANGES}/to*: type "string"', "Jira sends null where a field became empty."),
    Deviation(
        "*", "POST", f"{ISSUE}/attachments", "response 400: not documented",
        "Jira refuses files in a part that is not named `file`; the document says so in prose only.",
    ),
    Deviation(
        "*", "PUT", f"{ISSUE}/assignee", 'request: accountId: type "string"',
        "Null takes the assignee away; the document says so in prose only.",
    ),
    Deviation(
        "*", "GET", "/rest/api/2/project/{projectIdOrKey}/role", "response 403: not documented",
        "Without the right to administer the project Jira answers 403, as for one role.",
    ),
    Deviation("*", "POST", "/rest/api/2/screens", 'response 400: body: type "string"', _STRING),
    Deviation("*", "POST", "/rest/api/2/screenscheme", 'response 400: body: type "string"', _STRING),
    Deviation("*", "*", OPTIONS, 'response 400: body: type "string"', _STRING),
    Deviation("*", "PUT", SCHEMES, 'response 40[04]: body: type "string"', _STRING),
    Deviation(
        "*", "GET", "/rest/api/2/user/search", "request: query parameter include*ctive is not documented",
        "The package `jira` asks as it asks Data Center; Jira Cloud passes over what it does not know.",
    ),
    Deviation(
        "*", "POST", f"{ISSUE}/transitions", 'request: transition/id: type "string"',
        "atlassian-python-api sends the id as a number, which Jira takes.",
    ),
    Deviation(
        "*", "POST", "/rest/api/2/issueLink", 'request: comment: type "object"',
        "The package `jira` sends null for no comment, which Jira takes.",
    ),
    Deviation(
        "*", "POST", "/rest/api/2/issue/bulk", "response 400: *",
        "A body that cannot be read at all gets the error object; the document knows the refusal of each issue.",
    ),
)  # fmt: skip
