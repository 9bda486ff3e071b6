"""One summary of an import, gathered over files that come close to one another, and kept until it was read."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from dashboard.parts.drop import what_became
from sync.service.import_summary import gathered
from sync.wire.tasks import ImportCounts, ImportSummary, ProblemLine, Task
from tests.test_figures import EN

NOW = datetime(2026, 11, 28, 12)
ONE = ImportCounts(found=1, read=1, recordings=1, runs=1)


def failed(seen: datetime) -> ProblemLine:
    return ProblemLine(
        problem_id="p", source="inbox", name="a.fit", reason="damaged", first_seen_utc=seen, last_seen_utc=NOW
    )


NEW, OLD = failed(NOW), failed(NOW - timedelta(days=3))
BAD = ImportCounts(found=1, problem=1, problems=[NEW])
MANY = ImportCounts(
    found=900, read=880, duplicate=15, problem=5, recordings=880, runs=700, joined=80, other=100, problems=[NEW] * 5
)
KNOWN = ImportCounts(found=5, duplicate=3, problem=2, problems=[OLD, OLD])


@pytest.mark.parametrize(
    ("ago", "files", "counts", "after"),
    [
        pytest.param(None, 0, ONE, (1, 1, 0), id="the first"),
        pytest.param(timedelta(minutes=5), 3, BAD, (4, 0, 1), id="dropped one by one"),
        pytest.param(timedelta(days=1), 3, ONE, (1, 1, 0), id="yesterday's run is no part of it"),
        pytest.param(timedelta(days=9), 900, ONE, (901, 1, 0), id="a big one stays until it was read"),
        pytest.param(timedelta(minutes=5), 3, KNOWN, (3, 0, 0), id="after a restart: nothing new"),
        pytest.param(None, 0, MANY, (885, 700, 5), id="ten years at once"),
    ],
)
def test_what_stands_after_one_import_more(
    ago: timedelta | None, files: int, counts: ImportCounts, after: tuple[int, int, int]
) -> None:
    before = None if ago is None else ImportSummary(ended_utc=NOW - ago, files=files)
    found = gathered(before, counts, NOW, started_utc=NOW - timedelta(minutes=1))
    assert found is not None
    assert (found.files, found.runs, found.problems) == after


@pytest.mark.parametrize(
    ("given", "good"),
    [
        ({"result": {"runs": 1}}, [True]),
        ({"result": {"runs": 0, "duplicate": 1}}, [True]),
        ({"result": {"runs": 0, "problems": [{"name": "a.fit", "reason": "damaged"}]}}, [False]),
        ({"result": {"runs": 2, "problems": [{"name": "a.fit", "reason": "damaged"}]}}, [True, False]),
        ({"failed": "the disk is full"}, [False]),
    ],
)
def test_a_file_that_failed_is_never_among_the_good(given: dict[str, object], good: list[bool]) -> None:
    task = Task.model_validate({"work_id": "w", "what": "import", "done": 1, "total": 1, "ended": True, **given})
    assert [well for well, _ in what_became(EN, "a.fit", task)] == good
