"""Something that webhooks are sent to."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Receiver:
    """Keeps what it is sent; answers with the statuses in turn, then with 200; None is no answer."""

    answers: list[int | None] = field(default_factory=list)
    sent: list[tuple[str, Mapping[str, str], bytes]] = field(default_factory=list)

    def __call__(self, url: str, sent: Mapping[str, str], body: bytes) -> int:
        self.sent.append((url, sent, body))
        answer = self.answers.pop(0) if self.answers else 200
        if answer is None:
            raise TimeoutError
        return answer

    def events(self) -> list[str]:
        return [json.loads(body)["webhookEvent"] for _, _, body in self.sent]

    def payload(self, place: int = -1) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.sent[place][2])
        return found

    def header(self, name: str) -> list[str | None]:
        return [sent.get(name) for _, sent, _ in self.sent]
