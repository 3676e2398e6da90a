"""The schema of a database: made where there is none, brought up to date where it is older, refused where newer."""

from pathlib import Path
from typing import Final

from sqlalchemy import Connection, insert, inspect, select, text

from cmmc_jira.adapters.tables import REVISION, metadata, revision, version
from cmmc_jira.errors import BadSetting

STEPS: Final = Path(__file__).with_name("migrations")

_FIRST: Final = "0001"
_ONE_AT_A_TIME: Final = text("SELECT pg_advisory_xact_lock(hashtext('cmmc-jira schema'))")


def make_ready(connection: Connection) -> None:
    """Make or upgrade the schema, in the transaction of this connection; of several replicas one does.

    Raises:
        BadSetting: a newer version wrote it.

    """
    if _found(connection) == REVISION:
        return
    if connection.dialect.name != "sqlite":
        connection.execute(_ONE_AT_A_TIME)
    found = _found(connection)
    if found is None:
        metadata.create_all(connection)
        connection.execute(insert(version).values(version=int(REVISION)))
        connection.execute(insert(revision).values(version_num=REVISION))
    elif found != REVISION:
        _upgrade(connection, found)


def _found(connection: Connection) -> str | None:
    """Return the revision of what is there, None where nothing is: the first version noted it in a table of its own."""
    tables = inspect(connection)
    if tables.has_table(revision.name):
        return str(connection.execute(select(revision.c.version_num)).scalar_one())
    if tables.has_table(version.name):
        return f"{connection.execute(select(version.c.version)).scalar_one():04}"
    return None


def _upgrade(connection: Connection, found: str) -> None:
    from alembic import command  # noqa: PLC0415  half a second that only an upgrade is worth
    from alembic.config import Config  # noqa: PLC0415  the same
    from alembic.script import ScriptDirectory  # noqa: PLC0415  the same

    config = Config()
    config.set_main_option("script_location", str(STEPS).replace("%", "%%"))
    config.attributes["connection"] = connection
    steps = [each.revision for each in ScriptDirectory.from_config(config).walk_revisions()]
    if found not in steps:
        raise BadSetting(
            f"The database of CMMC_JIRA_DATABASE_URL was written by a newer version of this program (schema {found}, "
            f"this one knows {REVISION}): run that version, or delete the database, which loses nothing."
        )
    if found == _FIRST and not inspect(connection).has_table(revision.name):
        command.stamp(config, found)
    command.upgrade(config, REVISION)
