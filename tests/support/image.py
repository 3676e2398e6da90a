"""The image without an engine: the Dockerfile's steps in a root folder of their own, run as nobody and read-only."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from support.dockerfile import DOCKERFILE, ROOT, environment, stages

USER: Final = 10_001
WRITABLE: Final = ("tmp", "var/lib/cmmc-jira")
_OF_THE_MACHINE: Final = ("usr", "bin", "sbin", "lib", "lib64", "etc")
_PYTHON: Final = Path(sys.base_prefix)

_ENTER: Final = """
set -eu
root=$1 mode=$2 tmp=$3 data=$4 folders=$5; shift 5
mount --make-rprivate /
mount --bind "$root" "$root"
for folder in $folders; do
  mount --bind "$folder" "$root$folder"
  mount -o remount,bind,ro "$root$folder"
done
mount --rbind /dev "$root/dev"
mount -t proc proc "$root/proc"
if [ "$mode" = build ]; then exec /usr/sbin/chroot "$root" "$@"; fi
mount --bind "$tmp" "$root/tmp"
mount --bind "$data" "$root/var/lib/cmmc-jira"
mount -o remount,bind,ro "$root"
exec /usr/sbin/chroot "$root" setpriv --reuid 10001 --regid 10001 --clear-groups --no-new-privs \
  --bounding-set=-all --inh-caps=-all \
  sh -c 'cd /var/lib/cmmc-jira && exec "$@"' sh "$@"
"""


class Image:
    """What the Dockerfile makes: `root` is its file system, below it only the writable folders can be written to."""

    def __init__(self, folder: Path) -> None:
        self.root, self.source, self.wheels = folder / "root", folder / "source", folder / "root" / "wheels"
        self._folders = _lay(self.root)
        build = stages(DOCKERFILE.read_text(encoding="utf-8"))[0]
        for one in build:
            if one.word == "COPY":
                _copy(one.rest.split()[:-1], self.source)
            elif one.word == "RUN":
                self._run(one.rest)
        shutil.rmtree(self.wheels)

    def _run(self, step: str) -> None:
        """Run one step of the first stage; the one that fetches wheels outside, where the package index is known."""
        if " wheel " in step:
            shell = step.replace("python", sys.executable, 1).replace("/wheels", str(self.wheels))
            _checked(["sh", "-c", shell], cwd=self.source)
        else:
            path = {"PATH": f"{_PYTHON / 'bin'}:/usr/bin:/bin", "HOME": "/tmp"}  # noqa: S108 - inside
            _checked(self._entered("build", Path(), ["sh", "-c", step]), env=path)

    def _entered(self, mode: str, scratch: Path, command: Sequence[str]) -> Sequence[str]:
        tmp, data = scratch / "tmp", scratch / "data"
        places = [str(self.root), mode, str(tmp), str(data), " ".join(self._folders)]
        return ["unshare", "--mount", "--pid", "--fork", "sh", "-c", _ENTER, "sh", *places, *command]

    def command(self, scratch: Path, command: Sequence[str]) -> Sequence[str]:
        """Return what runs a command confined, its writable folders being `scratch/tmp` and `scratch/data`."""
        for name in ("tmp", "data"):
            (scratch / name).mkdir(exist_ok=True, mode=0o700)
            os.chown(scratch / name, USER, USER)
        return self._entered("run", scratch, command)

    def listing(self) -> Mapping[str, tuple[int, int, int]]:
        """Return mode, size and time of change of everything in the image's own file system."""
        found = {path: path.lstat() for path in self.root.rglob("*")}
        return {str(path): (of.st_mode, of.st_size, of.st_mtime_ns) for path, of in found.items()}


def variables(**settings: str) -> Mapping[str, str]:
    """Return the image's environment and these settings, and nothing of ours."""
    final = stages(DOCKERFILE.read_text(encoding="utf-8"))[-1]
    return {**environment(final), **{f"CMMC_JIRA_{name}": value for name, value in settings.items()}}


def first_process(of: "subprocess.Popen[str]") -> int:
    """Return the number, as we see it, of the process that is the confined one's first."""
    return int(Path(f"/proc/{of.pid}/task/{of.pid}/children").read_text(encoding="ascii").split()[0])


@contextmanager
def running(command: Sequence[str], env: Mapping[str, str]) -> Iterator["subprocess.Popen[str]"]:
    """Run a command while the context lasts; it has said its first line."""
    process = subprocess.Popen(  # noqa: S603 - our own command
        command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline(), process.communicate()[1]
        yield process
    finally:
        if process.poll() is None:
            os.kill(first_process(process), signal.SIGKILL)  # all of its namespace goes with it
        process.communicate()


def _lay(root: Path) -> Sequence[str]:
    """Make the root folder and return which folders of this machine are seen in it."""
    root.mkdir(parents=True)
    folders = []
    for name in _OF_THE_MACHINE:
        here = Path("/") / name
        if here.is_symlink():
            (root / name).symlink_to(here.readlink())
        elif here.is_dir():
            (root / name).mkdir()
            folders.append(str(here))
    for name in ("opt", "dev", "proc", "wheels", *WRITABLE):
        (root / name).mkdir(parents=True)
    if not _PYTHON.is_relative_to("/usr"):
        (root / _PYTHON.relative_to("/")).mkdir(parents=True)
        folders.append(str(_PYTHON))
    return folders


def _copy(sources: Sequence[str], to: Path) -> None:
    to.mkdir(exist_ok=True)
    for name in sources:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, to / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, to / Path(name).name)


def _checked(command: Sequence[str], *, cwd: Path | None = None, env: Mapping[str, str] | None = None) -> None:
    done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, check=False, timeout=600)  # noqa: S603 - the Dockerfile's own
    assert done.returncode == 0, f"{command[-1]}\n{done.stdout}\n{done.stderr}"
