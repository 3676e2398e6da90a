"""What was read of issues and may be returned again while nobody has changed them."""

import json
import threading
import zlib
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any, Final

from cmmc_jira.service.ports import Json

AT_MOST: Final = 30_000
"""So many issues take some 60 MB; beyond, those that were longest not asked for are read again."""


class Kept:
    """Issues by id as they were read, with one set of fields each. Safe to share between threads."""

    def __init__(self, at_most: int = AT_MOST) -> None:
        self._at_most = at_most
        self._rows: OrderedDict[str, tuple[frozenset[str], bytes]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, id_: str, fields: Sequence[str]) -> Json | None:
        """Return an issue as it was read with these fields, if it is kept."""
        with self._lock:
            row = self._rows.get(id_)
            if row is None or row[0] != frozenset(fields):
                return None
            self._rows.move_to_end(id_)
        kept: dict[str, Any] = json.loads(zlib.decompress(row[1]))
        return kept

    def put(self, raw: Json, fields: Sequence[str]) -> None:
        """Keep an issue as it was read with these fields."""
        id_, content = str(raw["id"]), zlib.compress(json.dumps(raw).encode(), 1)
        with self._lock:
            self._rows[id_] = (frozenset(fields), content)
            self._rows.move_to_end(id_)
            while len(self._rows) > self._at_most:
                self._rows.popitem(last=False)

    def drop(self, id_: str) -> None:
        """Forget an issue."""
        with self._lock:
            self._rows.pop(id_, None)
