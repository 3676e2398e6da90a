import hashlib
import hmac
from collections.abc import Iterator
from pathlib import Path

import pytest

from cmmc_jira.core.deliveries import Delivery
from cmmc_jira.errors import BadDelivery
from cmmc_jira.service.inbox import Inbox, identify
from support.lists import ToDo

BODY = b'{"webhookEvent": "jira:issue_updated"}'


@pytest.fixture
def to_do(tmp_path: Path) -> Iterator[ToDo]:
    to_do = ToDo(tmp_path)
    yield to_do
    to_do.close()


def inbox(to_do: ToDo, *secrets: str) -> Inbox:
    return Inbox(to_do.store, to_do.clock, secrets)


def signed(secret: str, body: bytes = BODY, method: str = "sha256") -> str:
    return f"{method}={hmac.new(secret.encode(), body, method).hexdigest()}"


def test_atlassians_own_example_is_verified(to_do: ToDo) -> None:
    digest = "a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9"
    inbox(to_do, "It's a Secret to Everybody").verify(b"Hello World!", f"sha256={digest}")
    inbox(to_do, "It's a Secret to Everybody").verify(b"Hello World!", f"SHA256={digest.upper()} ")


def test_while_secrets_rotate_each_of_them_counts(to_do: ToDo) -> None:
    box = inbox(to_do, "new", "old")
    box.verify(BODY, signed("old"))
    box.verify(BODY, signed("new"))
    with pytest.raises(BadDelivery):
        inbox(to_do, "new").verify(BODY, signed("old"))


@pytest.mark.parametrize(
    "signature",
    [
        None,
        "",
        "sha256=",
        "sha256",
        signed("another"),
        signed("secret", b"another body"),
        signed("secret", method="sha1"),
        signed("secret", method="md5"),
        signed("secret").replace("sha256=", "sha1="),
        signed("secret").removeprefix("sha256="),
        signed("secret")[:-1],
        signed("secret") + "0",
        f"sha256={hashlib.sha256(BODY).hexdigest()}",
        "sha256=\u00e9",
    ],
)
def test_what_is_not_signed_with_the_secret_is_refused(to_do: ToDo, signature: str | None) -> None:
    with pytest.raises(BadDelivery) as refused:
        inbox(to_do, "secret").verify(BODY, signature)
    assert refused.value.status == 401


def test_without_a_secret_nothing_is_accepted(to_do: ToDo) -> None:
    with pytest.raises(BadDelivery):
        inbox(to_do).verify(BODY, signed(""))


def test_a_delivery_is_stored_once_and_wakes_the_workers_only_when_there_is_something_to_look_at(to_do: ToDo) -> None:
    woken: list[bool] = []
    box = Inbox(to_do.store, to_do.clock, ["secret"], lambda: woken.append(True))
    delivery = Delivery("jira:issue_updated", "10007", {"10001": ["10007"]})
    assert box.accept(delivery, identifier="a")
    assert not box.accept(delivery, identifier="a")
    assert box.accept(Delivery("sprint_started", None, {}), identifier="b")
    assert woken == [True]
    (work,) = to_do.store.claim(9, now=to_do.clock.now())
    assert (work.key, work.hints) == ("10001", ("10007",))


@pytest.mark.parametrize("strange", [None, "", " ", "a b", "\x00", "x" * 201, "\u00e9"])
def test_a_delivery_without_a_name_of_its_own_is_named_by_its_bytes(strange: str | None) -> None:
    assert identify(BODY, strange) == f"sha256:{hashlib.sha256(BODY).hexdigest()}"
    assert identify(BODY, "2f1e-7") == "2f1e-7"
