"""What Jira answers when it does not do as asked, as sentences for people: never a body, never a token."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any, Final, NoReturn
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NameResolutionError, NewConnectionError

from cmmc_jira.adapters.headroom import BURST
from cmmc_jira.errors import CmmcJiraError, JiraRefused, JiraUnavailable

LONGEST_WAIT: Final = 3600.0
_LONGEST_REASON: Final = 300
_SCOPES: Final = {"jira-per-issue-on-write": "issue", BURST: "endpoint"}
"""What rests, by Jira's reason to turn a request away; a quota is the whole site's, and so is what has no reason."""
_TAG: Final = re.compile(r"<[^>]*>")
_SPACE: Final = re.compile(r"[\x00-\x20\x7f]+")
_NO_RIGHT: Final = re.compile(r"(?i)\bnot have (the )?permission")  # some resources say it with a 400
_NOT_ON_SCREEN: Final = "not on the appropriate screen"
_NO_TLS: Final = ("WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE", "wrong version number", "record layer failure")
_UNVERIFIED: Final = re.compile(r"CERTIFICATE_VERIFY_FAILED\S* certificate verify failed:?(?P<why>[^(]*)")
_AUTHORITY: Final = "set CMMC_JIRA_CA_BUNDLE to the file with your authority's certificates, or mend the certificate"
_CERTIFICATES: Final = {
    "certificate has expired": "ask Jira's administrator to renew it",
    "Hostname mismatch": "set CMMC_JIRA_URL to the name that the certificate is for",
    "IP address mismatch": "set CMMC_JIRA_URL to the name that the certificate is for",
}
"""What mends a certificate, by what OpenSSL says of it."""

_FIRST_ASKED: Final = ("/serverInfo", "/myself")
"""What every Jira has: where these are not, there is none."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a call was about, for the sentence when it fails: `doing` follows "to", `right` is Jira's permission."""

    doing: str
    account: str
    subject: str = "What was asked for"
    right: str = "Browse projects"
    write: bool = False


def unreachable(error: Exception, asked: Asked) -> CmmcJiraError:
    """Return the error for a call that got no answer, or none in full."""
    if isinstance(error, requests.exceptions.SSLError) and (refused := _untrusted(error)):
        return JiraRefused(refused)
    if isinstance(error, requests.exceptions.InvalidURL | requests.exceptions.InvalidSchema):
        return JiraRefused(
            "CMMC_JIRA_URL is not an address that can be asked: write it as https://example.atlassian.net."
        )
    if unsent := _never_sent(error):
        return JiraUnavailable(unsent)
    how = "did not answer in time" if isinstance(error, requests.exceptions.Timeout) else "cut the connection"
    return JiraUnavailable(f"Jira {how} when asked to {asked.doing}.", ambiguous=asked.write)


def _untrusted(error: requests.exceptions.SSLError) -> str:
    """Return what keeps a connection from being trusted; empty where it was only broken off."""
    said = str(error)
    if any(sign in said for sign in _NO_TLS):
        return (
            f"{_place(error)} does not speak TLS, so nothing was sent to it: check the port in CMMC_JIRA_URL, or ask "
            "Jira's administrator for its https address."
        )
    found = _UNVERIFIED.search(said)
    if found is None:
        return ""
    mend = next((mend for sign, mend in _CERTIFICATES.items() if sign in said), _AUTHORITY)
    return f"Jira's certificate cannot be verified ({found['why'].strip()}): {mend}."


def _never_sent(error: Exception) -> str:
    """Return why the connection was not even made, so that the call cannot have had an effect; empty if it was."""
    inner: object = error.args[0] if error.args else None
    reason = inner.reason if isinstance(inner, MaxRetryError) else inner
    place = _place(error)
    if isinstance(error, requests.exceptions.ProxyError):
        return f"The proxy on the way to {place} cannot be reached or turns us away: check HTTPS_PROXY and NO_PROXY."
    if isinstance(reason, NameResolutionError):
        return f"No address is known for {place}: check CMMC_JIRA_URL, this machine's DNS and the proxy."
    if isinstance(reason, NewConnectionError | ConnectTimeoutError) or isinstance(
        error, requests.exceptions.ConnectTimeout
    ):
        return f"Nothing answers at {place}, so Jira cannot be reached: check CMMC_JIRA_URL, the network and the proxy."
    return ""


def _place(error: Exception) -> str:
    """Return host and port of what was asked, never more of its address."""
    request = getattr(error, "request", None)
    parts = urlsplit(str(getattr(request, "url", None) or ""))
    return parts.netloc.rpartition("@")[2] or "Jira"


def refuse(response: requests.Response, asked: Asked, names: Mapping[str, str]) -> NoReturn:
    """Raise what this answer means; `names` are Jira's field names by id.

    Raises:
        JiraUnavailable: Jira asks to wait, or failed.
        JiraRefused: a person must act.

    """
    status = response.status_code
    _refuse_login(response, asked)
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        raise JiraRefused(_redirected(response), status=status)
    if status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.CONFLICT) or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise _wait(response, asked)
    raise JiraRefused(_no(response, asked, names), status=status)


def is_refusal(response: requests.Response) -> bool:
    """Whether this answer is anything but what was asked for."""
    return not response.ok or response.is_redirect or _login_failed(response)


def is_page(response: requests.Response) -> bool:
    """Whether a page for people came, whatever it calls itself; nothing at all is none."""
    begins = response.content[:200].lstrip()[:15].lower()
    html = "html" in response.headers.get("Content-Type", "")
    return bool(begins) and (html or begins.startswith((b"<!doctype html", b"<html")))


def _login_failed(response: requests.Response) -> bool:
    """Whether Jira ignored the credentials; it may then answer as to a stranger, with 200 and nothing in it."""
    reason = response.headers.get("X-Seraph-LoginReason", "")
    return reason.startswith(("AUTHENTICATED_FAILED", "AUTHENTICATION_DENIED")) or (
        response.headers.get("X-AUSERNAME") == "anonymous"
    )


def _refuse_login(response: requests.Response, asked: Asked) -> None:
    headers = response.headers
    reason = headers.get("X-Seraph-LoginReason", "") + headers.get("X-Authentication-Denied-Reason", "")
    if "CAPTCHA" in reason or "AUTHENTICATION_DENIED" in reason:
        raise JiraRefused(
            f"Jira has locked {asked.account} after failed logins and asks for a captcha: "
            "log in once in a browser, then set CMMC_JIRA_TOKEN anew.",
            status=response.status_code,
        )
    if response.status_code == HTTPStatus.UNAUTHORIZED or _login_failed(response):
        raise JiraRefused(
            f"Jira does not accept the token of {asked.account}, which is wrong, revoked or expired, or whose account "
            "is deactivated: set CMMC_JIRA_USER and CMMC_JIRA_TOKEN anew, and leave the user out beside a "
            "personal access token of Data Center.",
            status=response.status_code,
        )


def _redirected(response: requests.Response) -> str:
    target = urlsplit(response.headers.get("Location", ""))
    where = f"{target.scheme}://{target.netloc}" if target.netloc else "another path of itself"
    return f"Jira redirects to {where}, and the token is not sent there: if that is your Jira, set CMMC_JIRA_URL to it."


def _wait(response: requests.Response, asked: Asked) -> JiraUnavailable:
    status, after = response.status_code, retry_after(response)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        scope = _SCOPES.get(response.headers.get("RateLimit-Reason", ""), "site")
        return JiraUnavailable(f"Jira asks to slow down when asked to {asked.doing}.", retry_after=after, scope=scope)
    if status == HTTPStatus.CONFLICT:
        return JiraUnavailable(f"Jira was busy with the same issue when asked to {asked.doing}.", scope="issue")
    why = " with a page for people: it may be under maintenance" if is_page(response) else ""
    turned_away = status == HTTPStatus.SERVICE_UNAVAILABLE and after is not None
    return JiraUnavailable(
        f"Jira failed ({status}) when asked to {asked.doing}{why}.",
        retry_after=after,
        ambiguous=asked.write and not turned_away,
    )


def retry_after(response: requests.Response) -> float | None:
    """Return the seconds that `Retry-After` names, at most an hour; a date counts from the answer's own `Date`."""
    text = response.headers.get("Retry-After", "").strip()
    if not text:
        return None
    try:
        if text.isdecimal():
            seconds = float(text)
        else:
            then, sent = parsedate_to_datetime(text), parsedate_to_datetime(response.headers.get("Date", ""))
            seconds = (then - sent).total_seconds()
    except (ValueError, TypeError):
        return None
    return min(max(seconds, 0.0), LONGEST_WAIT)


def _no(response: requests.Response, asked: Asked, names: Mapping[str, str]) -> str:
    status = response.status_code
    said = "; ".join(reasons(_json(response), names))
    if status == HTTPStatus.FORBIDDEN and is_page(response):
        return (
            "A page for people came instead of Jira's answer (403), probably of a firewall or a proxy: let this "
            "machine pass, or check CMMC_JIRA_URL."
        )
    if status == HTTPStatus.FORBIDDEN or (status == HTTPStatus.BAD_REQUEST and _NO_RIGHT.search(said)):
        return (
            f'{asked.account} may not {asked.doing}: give it the permission "{asked.right}" in the project'
            f"{f' (Jira says: {said})' if said else ''}."
        )
    if status == HTTPStatus.NOT_FOUND and urlsplit(response.url).path.endswith(_FIRST_ASKED):
        return (
            f"No Jira answers at {response.url.partition('/rest/')[0]}: set CMMC_JIRA_URL to Jira's own address, with "
            "its context path if it has one."
        )
    if status == HTTPStatus.NOT_FOUND:
        return f"{asked.subject} is deleted, or hidden from {asked.account}."
    if status == HTTPStatus.GONE:
        return f"Jira no longer offers what is needed to {asked.doing}: a newer version of this program is needed."
    if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return f"It is too large for Jira to {asked.doing}: make it smaller, or raise Jira's limit."
    return f"Jira refused ({status}) to {asked.doing}: {said or 'it gave no reason'}."


def reasons(body: Any, names: Mapping[str, str]) -> Iterator[str]:  # noqa: ANN401  whatever Jira answered
    """Yield Jira's own reasons out of an error's JSON, with the names of fields in place of their ids."""
    if not isinstance(body, Mapping):
        return
    messages, errors = body.get("errorMessages"), body.get("errors")
    for message in messages if isinstance(messages, list) else ():
        yield _plain(message)
    for id_, message in errors.items() if isinstance(errors, Mapping) else ():
        name, reason = _plain(names.get(id_, id_)), _plain(message)
        if _NOT_ON_SCREEN in reason:
            yield f'the field "{name}" is not on the screen: `cmmc-jira provision` puts it there'
        else:
            yield f'the field "{name}": {reason.replace(str(id_), name)}'


def _plain(text: object) -> str:
    """Return one line without markup or control characters, of bounded length, without its last full stop."""
    plain = _SPACE.sub(" ", _TAG.sub("", str(text))).strip().rstrip(".")
    return plain if len(plain) <= _LONGEST_REASON else plain[:_LONGEST_REASON] + "…"


def _json(response: requests.Response) -> object:
    try:
        return response.json()
    except ValueError:
        return None
