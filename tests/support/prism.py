"""Stoplight Prism between the product and a sandbox: a second opinion on what they say to each other.

https://docs.stoplight.io/docs/prism/f51bcc80a02db-installation: as a proxy it passes everything on and names, in a
header of the answer, what is not as the document says.
"""

import json
import re
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

import requests

from support.openapi import Document
from support.openapi_deviations import Deviation
from support.openapi_documents import Source, load

PROGRAM = Path(__file__).parents[2] / "build/prism/node_modules/@stoplight/prism-cli/dist/index.js"
HEADER = "sl-violations"


@dataclass(slots=True)
class Proxy:
    """A running Prism: its address, how many exchanges it has judged, and what it found, each once and counted."""

    url: str
    source: Source
    document: Document
    judged: int = 0
    found: dict[str, int] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)

    def session(self, allowed: tuple[Deviation, ...]) -> requests.Session:
        """A session that keeps what Prism says of its exchanges."""
        session = requests.Session()
        session.trust_env = False
        session.hooks["response"].append(lambda response, **_: self._keep(response, allowed))
        return session

    def _keep(self, response: requests.Response, allowed: tuple[Deviation, ...]) -> None:
        if not (response.url or "").startswith(self.url):
            return
        self.judged += 1
        method = response.request.method or ""
        template = self.document.template(method, urlsplit(response.url).path)
        for one in json.loads(response.headers.get(HEADER, "[]")):
            what = _said(one, response.status_code)
            covering = [str(way) for way in allowed if way.covers(self.source.name, method, template, what)]
            self.used.update(covering)
            if not covering:
                said = f"{method} {template}: {what}"
                self.found[said] = self.found.get(said, 0) + 1


@contextmanager
def prism(folder: Path, source: Source, upstream: str, work: Path) -> Iterator[Proxy]:
    """Prism over the mended document, in front of a sandbox, while the context lasts."""
    content = {**load(folder, source), "servers": [{"url": "/"}]}
    file = work / "document.json"
    file.write_text(json.dumps(content), encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    node = shutil.which("node") or "node"
    command = [node, str(PROGRAM), "proxy", str(file), upstream, "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:  # noqa: S603 - the program of a pinned package
        try:
            assert process.stdout is not None
            _await(process.stdout)
            threading.Thread(target=process.stdout.read, daemon=True).start()
            yield Proxy(f"http://127.0.0.1:{port}", source, Document(content))
        finally:
            process.kill()


def _await(lines: IO[str]) -> None:
    said = []
    for line in lines:
        if "Prism is listening" in line:
            return
        said.append(line)
    raise AssertionError("Prism did not start:\n" + "".join(said[-20:]))


def _said(violation: dict[str, Any], status: int) -> str:
    where, *place = violation["location"]
    at = "/".join("*" if str(part).isdigit() else str(part) for part in place)
    side = where if where == "request" else f"{where} {status}"
    message = re.sub(r"(?<=[./])\d+", "*", violation["message"])
    return f"{side}: {at}: {message}"
