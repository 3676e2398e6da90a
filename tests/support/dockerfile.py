"""A Dockerfile, read: its instructions in order, in stages."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
DOCKERFILE = ROOT / "docker" / "Dockerfile"
COMPOSE = ROOT / "docker" / "compose.yaml"


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction, its continued lines joined, such as `USER` and `10001:10001`."""

    word: str
    rest: str


def instructions(text: str) -> Sequence[Instruction]:
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    joined = re.sub(r"\\\n\s*", "", "\n".join(lines))
    return [
        Instruction(word.upper(), rest.strip()) for word, _, rest in (row.partition(" ") for row in joined.split("\n"))
    ]


def stages(text: str) -> Sequence[Sequence[Instruction]]:
    """Return the instructions of each stage, its FROM first; what stands before the first FROM is in none."""
    found: list[list[Instruction]] = []
    for one in instructions(text):
        if one.word == "FROM":
            found.append([])
        if found:
            found[-1].append(one)
    return found


def bases(text: str) -> Sequence[str]:
    """Return the image of each FROM, with the defaults of ARG put in."""
    every = instructions(text)
    defaults = dict(one.rest.split("=", 1) for one in every if one.word == "ARG" and "=" in one.rest)
    return [
        re.sub(r"\$\{(\w+)\}", lambda name: defaults[name[1]], one.rest.split()[0])
        for one in every
        if one.word == "FROM"
    ]


def environment(stage: Sequence[Instruction]) -> Mapping[str, str]:
    return dict(pair.split("=", 1) for one in stage if one.word == "ENV" for pair in one.rest.split())


def healthcheck(stage: Sequence[Instruction]) -> Sequence[str]:
    """Return the command of the stage's HEALTHCHECK, which is in its exec form."""
    (one,) = (one for one in stage if one.word == "HEALTHCHECK")
    return [str(part) for part in json.loads(one.rest.partition("CMD ")[2])]


def compose() -> Any:  # noqa: ANN401 - a YAML document
    return yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))
