"""The Forge app's manifest brings what the service takes, and nothing goes anywhere else."""

from pathlib import Path
from typing import Any

import yaml

from cmmc_jira.core import deliveries
from cmmc_jira.settings import Forge
from cmmc_jira.web.app import create_app
from support.forge import APP
from support.served import Served

FOLDER = Path(__file__).parents[2] / "manifests" / "cmmc_manifests" / "forge"
MANIFEST: dict[str, Any] = yaml.safe_load((FOLDER / "manifest.yml").read_text(encoding="utf-8"))
ENDPOINTS = {one["key"]: one for one in MANIFEST["modules"]["endpoint"]}


def test_every_event_that_is_asked_for_is_understood_and_every_one_that_is_understood_is_asked_for() -> None:
    asked = [event for trigger in MANIFEST["modules"]["trigger"] for event in trigger["events"]]
    assert sorted(asked) == sorted({*deliveries._FORGE, *deliveries._LIFECYCLE})


def test_every_endpoint_is_an_address_of_ours_and_brings_the_apps_own_token(tmp_path: Path) -> None:
    service = Served(tmp_path, forge=Forge(APP, "cloud-1")).service
    ours = {rule.rule for rule in create_app(service).url_map.iter_rules() if "POST" in (rule.methods or ())}
    service.stop()
    assert {one["route"]["path"] for one in ENDPOINTS.values()} <= ours
    assert all(one["auth"] == {"appSystemToken": {"enabled": True}} for one in ENDPOINTS.values())


def test_a_token_comes_each_hour_straight_from_forge() -> None:
    [schedule] = MANIFEST["modules"]["scheduledTrigger"]
    assert schedule["interval"] == "hour"
    assert ENDPOINTS[schedule["endpoint"]]["route"]["path"] == "/webhooks/forge/hourly"


def test_data_goes_to_the_one_declared_https_domain_only() -> None:
    [remote] = MANIFEST["remotes"]
    assert remote["baseUrl"].startswith("https://")
    assert "*" not in remote["baseUrl"]
    assert remote["storage"] == {"inScopeEUD": True}
    assert MANIFEST["permissions"]["external"] == {"fetch": {"backend": [{"remote": remote["key"]}]}}
    assert {one["remote"] for one in ENDPOINTS.values()} == {remote["key"]}
