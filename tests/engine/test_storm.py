"""A short storm of killed processes; `make storm` has the long ones."""

from pathlib import Path

from support.postgres import PostgresServer
from support.storm import Storm


def test_killed_again_and_again_one_process_on_a_file_loses_and_doubles_nothing(tmp_path: Path) -> None:
    record = Storm(f"sqlite:///{tmp_path / 'list.db'}", 1, 3, tmp_path).rage()
    assert (record.lost(), record.double) == ([], [])
    assert record.events


def test_replicas_killed_again_and_again_and_their_server_with_them_lose_and_double_nothing(
    tmp_path: Path, postgres: PostgresServer
) -> None:
    storm = Storm(postgres.create(), 2, 3, tmp_path, postgres.crash)
    record = storm.rage()
    assert (record.lost(), record.double) == ([], [])
    assert record.events
