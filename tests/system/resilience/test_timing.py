"""The benchmark of starts, on a campus that stood for a day."""

import pytest
from deploy.demo.examples import campus_user
from tests.benchmarks.orchestration import start_to_ready
from tests.system.campus import Campus

_A_DAY_AGO = """
    UPDATE api.course_sessions SET starts_at = starts_at - interval '1 day',
        ends_at = ends_at - interval '1 day'
"""


def test_it_runs_to_its_end_though_sessions_and_tokens_are_over(
    campus: Campus, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It ended after eight minutes: the students' tokens were renewed by a teacher's page."""
    campus.sql(_A_DAY_AGO)
    monkeypatch.setattr(campus_user, "_TOKEN_SECONDS", -1.0)  # every token is old already
    start_to_ready.compare(campus, runs=1, classes=[2])
    said = capsys.readouterr().out
    assert "one at a time, 1 runs" in said
    assert "2 at once" in said
    assert said.count("ratio:") == 2
