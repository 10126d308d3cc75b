"""The database's log: what went wrong, and nothing of what is stored."""

import tempfile
from pathlib import Path

import pytest
from deploy.demo.programs.database import LOG_SETTINGS
from deploy.machine.instance import ROOT
from tests.support.postgresql import server

SECRET = "canary-of-a-row-91ab"
TABLE = "CREATE TABLE t (value text, number int CHECK (number > 0))"
WRONG = (
    f"INSERT INTO t VALUES ('{SECRET}', -1)",  # noqa: S608 - the row is said beside it
    f"ALTER ROLE nobody_here PASSWORD '{SECRET}'",
)


def test_an_error_is_logged_without_the_row_and_the_statement() -> None:
    folder = Path(tempfile.mkdtemp(prefix="mydocker-pg-"))
    with server(folder, LOG_SETTINGS) as database:
        database.run(TABLE)
        for statement in WRONG:
            with pytest.raises(AssertionError, match="ERROR"):
                database.run(statement)
        log = (folder / "log").read_text()
    assert log.count("ERROR:  ") == len(WRONG)
    assert SECRET not in log


def test_a_database_in_a_container_has_the_same_settings() -> None:
    script = (ROOT / "deploy/postgres/entrypoint.sh").read_text()
    options = " ".join(f"-c {name}={value}" for name, value in LOG_SETTINGS.items())
    assert f'log_options="{options}"' in script
    assert script.count("$log_options ") == 2
