"""What may differ from Atlassian's document of Jira Cloud's REST API, each with its reason.

`*` in a path or in what differs stands for anything. A whole run tells what no exchange needs any more.
"""

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final


@dataclass(frozen=True, slots=True)
class Deviation:
    """One thing that may differ."""

    method: str
    path: str
    what: str
    reason: str

    def covers(self, method: str, path: str, offence: str) -> bool:
        """Whether it speaks of this offence of an exchange."""
        return fnmatchcase(method, self.method) and fnmatchcase(path, self.path) and fnmatchcase(offence, self.what)


WRONG_ON_PURPOSE: Final = (
    "test_jira_nonsense.py",
    "test_doctor.py",
    "test_doctor_answers.py",
    "test_doctor_datacenter.py",
)
"""Tests that send random bodies, or give answers that no Jira should: their exchanges are checked and counted, but no
fixed list can name what differs."""

ADMIN_WEBHOOKS: Final = "/rest/webhooks/1.0/webhook*"
ISSUE: Final = "/rest/api/2/issue/{issueIdOrKey}"
OPTIONS: Final = "/rest/api/2/field/{fieldId}/context/{contextId}/option"
SCHEMES: Final = "/rest/api/2/issuetype*scheme/*"
CHANGES: Final = "response 200: *items/*"
_FAULT = "No operation documents it, and every one may answer so: the sandbox is told to."
_STRING = "The document says that this error is a string, and shows Jira's error object in that string."

ALLOWED: Final = (
    Deviation("*", ADMIN_WEBHOOKS, "no such operation", "Admin webhooks are in none of Atlassian's documents."),
    Deviation("*", "*", "response 429: not documented", _FAULT),
    Deviation("*", "*", "response 50[0234]: not documented", _FAULT),
    Deviation("*", "*", "response 501: not documented", "The sandbox's own word for what it does not have."),
    Deviation("DELETE", "/rest/api/2/myself", "no such operation", "A test asks for what Jira does not have."),
    Deviation("*", "*", "response 415: not documented", "A body that is not JSON; the document knows only JSON."),
    Deviation("*", "/rest/api/2/search", "response 410: not documented", "The old search is gone from Jira Cloud."),
    Deviation("*", "*", 'response 20?: *: format "date-time"', "Jira writes zones as +0000, RFC 3339 as +00:00."),
    Deviation("*", "*", "response 204: Missing response data", "The document gives 204 a body, HTTP forbids it."),
    Deviation(
        "PUT", f"{ISSUE}/properties/{{propertyKey}}", "response 20[01]: Missing response data",
        "The document gives the answer a body of any shape; Jira sends none.",
    ),
    Deviation(
        "POST", "/rest/api/2/issueLink", "response 201: Missing response data",
        "The document gives the answer a body of any shape; Jira sends none.",
    ),
    Deviation(
        "GET", f"{ISSUE}*", f"{CHANGES}: fromString, toString not documented",
        "This rendition of Atlassian's document lost both properties.",
    ),
    Deviation("GET", f"{ISSUE}*", f'{CHANGES}/from: type "string"', "Jira sends null where a field was empty."),
    Deviation("GET", f"{ISSUE}*", f'{CHANGES}/to: type "string"', "Jira sends null where a field became empty."),
    Deviation(
        "GET", "/rest/api/2/screenscheme", "response 200: values/*/screens: writeOnly true",
        "The document shows the property in the answer and marks it as one that is never answered.",
    ),
    Deviation(
        "POST", f"{ISSUE}/attachments", 'request: body: type "array"',
        "openapi-core cannot read a multipart body that the document calls a list of files.",
    ),
    Deviation(
        "POST", f"{ISSUE}/attachments", "response 400: not documented",
        "Jira refuses files in a part that is not named `file`; the document says so in prose only.",
    ),
    Deviation(
        "PUT", f"{ISSUE}/assignee", 'request: accountId: type "string"',
        "Null takes the assignee away; the document says so in prose only.",
    ),
    Deviation(
        "GET", "/rest/api/2/project/{projectIdOrKey}/role", "response 403: not documented",
        "Without the right to administer the project Jira answers 403, as for one role.",
    ),
    Deviation("POST", "/rest/api/2/screens", 'response 400: body: type "string"', _STRING),
    Deviation("POST", "/rest/api/2/screenscheme", 'response 400: body: type "string"', _STRING),
    Deviation("*", OPTIONS, 'response 400: body: type "string"', _STRING),
    Deviation("PUT", SCHEMES, 'response 400: body: type "string"', _STRING),
    Deviation(
        "POST", "/rest/api/2/issue/bulk", "response 400: *",
        "A body that cannot be read at all gets the error object; the document knows the refusal of each issue.",
    ),
)  # fmt: skip
