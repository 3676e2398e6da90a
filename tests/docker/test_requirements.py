"""The image's libraries: one version each, by digest, and those that pyproject.toml asks for."""

import re
import tomllib
from collections.abc import Mapping

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from support.dockerfile import ROOT

LOCKED = (ROOT / "docker" / "requirements.txt").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def versions() -> Mapping[str, str]:
    rows = re.findall(r"^([A-Za-z0-9._-]+)==(\S+)", LOCKED, re.MULTILINE)
    assert len(dict(rows)) == len(rows)
    return {canonicalize_name(name): version for name, version in rows}


def test_every_library_that_the_product_needs_is_locked_within_its_range() -> None:
    locked = versions()
    asked = [Requirement(text) for text in [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["postgres"]]]
    away = [str(one) for one in asked if locked.get(canonicalize_name(one.name), "0") not in one.specifier]
    assert away == [], "run `make lock`"


def test_every_locked_library_is_known_by_digest_and_comes_from_no_address() -> None:
    known = re.findall(r"^\S+==\S+ \\\n {4}--hash=sha256:[0-9a-f]{64}", LOCKED, re.MULTILINE)
    assert len(known) == len(versions())
    assert "://" not in LOCKED


def test_nothing_that_only_builds_or_tests_is_locked() -> None:
    assert not versions().keys() & {"pip", "setuptools", "wheel", "hatchling", "pytest", "ruff", "mypy"}
