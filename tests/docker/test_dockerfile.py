"""The Dockerfile keeps our rules: pinned, without tools or secrets, as nobody, and able to say that it lives."""

import re
import tomllib

from support.dockerfile import DOCKERFILE, ROOT, bases, environment, healthcheck, instructions, stages

TEXT = DOCKERFILE.read_text(encoding="utf-8")
BUILD, FINAL = stages(TEXT)


def only(word: str) -> str:
    (one,) = (one for one in FINAL if one.word == word)
    return one.rest


def test_every_base_is_a_slim_python_pinned_to_its_patch_version() -> None:
    assert len(set(bases(TEXT))) == 1
    assert re.fullmatch(r"python:3\.\d+\.\d+-slim-[a-z]+", bases(TEXT)[0])


def test_the_base_is_a_python_that_the_project_runs_on() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    least = tuple(int(part) for part in project["requires-python"].removeprefix(">=").split("."))
    found = re.match(r"python:(\d+)\.(\d+)", bases(TEXT)[0])
    assert found is not None
    assert (int(found[1]), int(found[2])) >= least


def test_it_runs_as_a_fixed_number_that_is_not_root_and_nothing_after_that_needs_root() -> None:
    assert re.fullmatch(r"[1-9]\d{4}:[1-9]\d{4}", only("USER"))
    after = FINAL[[one.word for one in FINAL].index("USER") + 1 :]
    assert not {one.word for one in after} & {"RUN", "COPY", "ADD", "USER"}


def test_nothing_is_fetched_by_address_and_no_whole_tree_is_copied() -> None:
    every = instructions(TEXT)
    assert "ADD" not in {one.word for one in every}
    assert not any("://" in one.rest for one in every if one.word in ("RUN", "COPY"))
    assert not any(one.rest.split()[0] == "." for one in every if one.word == "COPY")


def test_the_last_stage_takes_only_the_environment_from_the_first_and_builds_nothing() -> None:
    assert [one.rest for one in FINAL if one.word == "COPY"] == ["--from=build /opt/cmmc-jira /opt/cmmc-jira"]
    (run,) = (one.rest for one in FINAL if one.word == "RUN")
    assert run.startswith("python -m pip uninstall ")
    assert not re.search(r"\b(apt-get|gcc|curl|wget|git|pip install|pip wheel)\b", run)


def test_libraries_are_taken_by_digest_our_wheel_is_built_once_and_both_are_installed_with_no_index() -> None:
    runs = [one.rest for one in BUILD if one.word == "RUN"]
    libraries, ours = [run for run in runs if "pip wheel" in run]
    assert "--require-hashes --only-binary=:all:" in libraries
    assert libraries.endswith("--requirement requirements.txt")
    assert "--no-deps" in ours
    assert all("--no-index" in run for run in runs if " install " in run)


def test_it_tells_that_it_lives_without_a_shell_or_curl_at_the_port_it_is_bound_to() -> None:
    command = healthcheck(FINAL)
    assert command[:2] == ["python", "-c"]
    assert "/healthz" in command[2]
    assert "CMMC_JIRA_BIND" in command[2]


def test_what_it_writes_beside_its_own_folder_lies_in_tmp() -> None:
    values = environment(FINAL)
    assert values["HOME"] == "/tmp"  # noqa: S108 - the image's, not ours
    assert values["MPLCONFIGDIR"].startswith("/tmp/")  # noqa: S108 - the same
    assert values["PYTHONDONTWRITEBYTECODE"] == "1"


def test_it_is_stopped_as_the_command_expects_and_is_its_own_first_process() -> None:
    assert only("STOPSIGNAL") == "SIGTERM"
    assert only("ENTRYPOINT") == '["cmmc-jira"]'
    assert only("CMD") == '["serve"]'


def test_it_holds_no_secret() -> None:
    words = re.compile(r"TOKEN|SECRET|PASSWORD|DATABASE_URL")
    assert not [one.rest for one in instructions(TEXT) if one.word in ("ENV", "ARG") and words.search(one.rest)]


def test_its_label_names_the_version_that_it_holds() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert f'org.opencontainers.image.version="{project["version"]}"' in only("LABEL")
    assert f'org.opencontainers.image.licenses="{project["license"]}"' in only("LABEL")


def test_the_build_is_given_only_what_it_copies() -> None:
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    rules = [line for line in ignored if line and not line.startswith("#")]
    copied = {source for one in BUILD if one.word == "COPY" for source in one.rest.split()[:-1]}
    assert rules[0] == "*"
    assert {rule.removeprefix("!") for rule in rules if rule.startswith("!")} == copied
    assert all((ROOT / source).exists() for source in copied)
