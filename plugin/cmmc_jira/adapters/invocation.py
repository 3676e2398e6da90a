"""Whether a call comes from our Forge app on our site: its Forge Invocation Token.

https://developer.atlassian.com/platform/forge/remote/essentials/
"""

import json
import time
from collections.abc import Callable, Mapping
from http import HTTPStatus
from pathlib import Path
from threading import Lock
from typing import Any, Final

import jwt
import requests

from cmmc_jira.errors import BadDelivery, KeysUnavailable

ISSUER: Final = "forge/invocation-token"
API_HOSTS: Final = ("api.atlassian.com", "api.atlassian-us-gov-mod.com")
"""Where the REST interfaces of sites are reached by Forge apps: in the commercial and in the Government Cloud."""

FRESH_SECONDS: Final = 3600.0
ASK_SECONDS: Final = 60.0
STALE_SECONDS: Final = 86_400.0

_LEEWAY_SECONDS: Final = 30
_TIMEOUT_SECONDS: Final = 3.0  # Forge waits 5 for our answer
_MOST_BYTES: Final = 256 * 1024
_LONGEST_TOKEN: Final = 16 * 1024
_REQUIRED: Final = ["iss", "aud", "exp", "iat"]


class KeySet:
    """The public keys at an address, read again each hour, and for a key not seen before at most once a minute.

    While the address does not answer, keys that were read within a day are still taken.
    """

    __slots__ = ("_asked", "_keys", "_lock", "_monotonic", "_read", "_session", "_url", "_verify")

    def __init__(
        self,
        url: str,
        *,
        session: requests.Session,
        ca_bundle: Path | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._url = url
        self._session = session
        self._verify = True if ca_bundle is None else str(ca_bundle)
        self._monotonic = monotonic
        self._lock = Lock()
        self._keys: Mapping[str, jwt.PyJWK] = {}
        self._asked: float | None = None
        self._read: float | None = None

    def key(self, kid: str) -> jwt.PyJWK | None:
        """Return the key of this id, or None when there is none such.

        Raises:
            KeysUnavailable: the keys cannot be read, and those that were are a day old, or there are none.

        """
        with self._lock:
            now = self._monotonic()
            if (kid not in self._keys or self._age(now) > FRESH_SECONDS) and self._may_ask(now):
                self._asked = now
                keys = self._fetch()
                if keys is not None:
                    self._keys, self._read = keys, now
            if self._age(now) > STALE_SECONDS or (kid not in self._keys and self._read != self._asked):
                raise KeysUnavailable(
                    "The keys that Forge signs with cannot be read: check CMMC_JIRA_FORGE_JWKS_URL and the network."
                )
            return self._keys.get(kid)

    def _may_ask(self, now: float) -> bool:
        return self._asked is None or now - self._asked >= ASK_SECONDS

    def _age(self, now: float) -> float:
        return float("inf") if self._read is None else now - self._read

    def _fetch(self) -> Mapping[str, jwt.PyJWK] | None:
        """Return the RSA keys by their ids, or None when the answer is none of a key set."""
        try:
            with self._session.get(
                self._url, timeout=_TIMEOUT_SECONDS, verify=self._verify, allow_redirects=False, stream=True
            ) as answer:
                if answer.status_code != HTTPStatus.OK:
                    return None
                body = next(answer.iter_content(_MOST_BYTES), b"")
            keys = jwt.PyJWKSet.from_dict(json.loads(body)).keys
        except (requests.RequestException, jwt.PyJWTError, ValueError, TypeError, AttributeError, RecursionError):
            return None
        return {key.key_id: key for key in keys if key.key_id and key.key_type == "RSA"}


class Invocations:
    """Verifies the tokens of one app on one site; `installation`, where given, is the only one of it that counts."""

    __slots__ = ("_app", "_cloud_id", "_installation", "_keys")

    def __init__(self, keys: KeySet, *, app: str, cloud_id: str, installation: str | None = None) -> None:
        self._keys = keys
        self._app = app
        self._cloud_id = cloud_id
        self._installation = installation

    def verify(self, authorization: str | None) -> str | None:
        """Check the `Authorization` header of a call; the address of the site's REST interface that it names.

        None where it names none or one that is not Atlassian's for this very site: a token is never sent there.

        Raises:
            BadDelivery: it holds no token, or one that Forge did not sign for this app, site and installation, now.
            KeysUnavailable: whether Forge signed it cannot be known now.

        """
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not 0 < len(token) <= _LONGEST_TOKEN:
            raise _refused("brings no Forge Invocation Token: only Forge calls this address")
        claims = self._claims(token.strip())
        app, context = _part(claims, "app"), _part(claims, "context")
        # Where the context is left out, the address of the site's REST API ends with the site's id.
        cloud_id = context.get("cloudId") or str(app.get("apiBaseUrl") or "").rpartition("/")[2]
        if cloud_id != self._cloud_id:
            raise _refused("comes from another site than the one in CMMC_JIRA_FORGE_CLOUD_ID")
        installation = str(app.get("installationId") or "").rpartition("/")[2]
        if self._installation is not None and installation != self._installation:
            raise _refused("comes from another installation than the one in CMMC_JIRA_FORGE_INSTALLATION")
        named = str(app.get("apiBaseUrl") or "").rstrip("/")
        return named if named in {f"https://{host}/ex/jira/{self._cloud_id}" for host in API_HOSTS} else None

    def _claims(self, token: str) -> Mapping[str, Any]:
        try:
            kid = jwt.get_unverified_header(token).get("kid")
            key = self._keys.key(kid) if isinstance(kid, str) else None
            if key is None:
                raise _refused("is signed with a key that Forge does not have")
            claims: Mapping[str, Any] = jwt.decode(
                token,
                key,
                algorithms=["RS256"],
                audience=self._app,
                issuer=ISSUER,
                leeway=_LEEWAY_SECONDS,
                options={"require": _REQUIRED},
            )
        except jwt.InvalidAudienceError as error:
            raise _refused("is for another app than the one in CMMC_JIRA_FORGE_APP") from error
        except (jwt.ExpiredSignatureError, jwt.ImmatureSignatureError) as error:
            raise _refused("is too old or from the future: set this machine's clock if it is wrong") from error
        except (jwt.PyJWTError, ValueError, TypeError, RecursionError) as error:
            raise _refused("brings a token that Forge did not sign as it is") from error
        return claims


def _part(claims: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = claims.get(name)
    return part if isinstance(part, Mapping) else {}


def _refused(why: str) -> BadDelivery:
    return BadDelivery(f"The call {why}.", status=HTTPStatus.UNAUTHORIZED)
