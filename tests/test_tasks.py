"""Long works: one at a time, with progress; a failure is said and the next one begins."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from sync.app.daemon.tasks import DEADLINE_S, SILENT_S, TaskProgress, TaskQueue
from sync.errors import TryLater, Unknown
from sync.wire.tasks import ImportCounts


@pytest.fixture
def works() -> Iterator[TaskQueue]:
    made = TaskQueue()
    yield made
    made.close(5)


def test_a_work_tells_its_progress_and_its_result(works: TaskQueue) -> None:
    go, half = threading.Event(), threading.Event()

    def task(progress: TaskProgress) -> ImportCounts:
        progress(5, 10)
        half.set()
        go.wait(5)
        return ImportCounts(found=10, read=10)

    started = works.start("import", task)
    half.wait(5)
    assert (works.get(started.work_id).done, works.get(started.work_id).total) == (5, 10)
    assert [work.what for work in works.under_way()] == ["import"]
    go.set()
    ended = works.wait(started.work_id, 5)
    assert ended.ended
    assert ImportCounts.model_validate(ended.result) == ImportCounts(found=10, read=10)
    assert works.under_way() == []


def test_time_left_comes_from_the_pace_so_far() -> None:
    now = [0.0]
    progress = TaskProgress(threading.Event(), lambda: None, lambda: now[0])
    assert progress.left_s is None
    now[0] = 10.0
    progress(20, 100)
    assert progress.left_s == 40.0


def test_one_that_fails_says_so_and_the_next_one_runs(works: TaskQueue) -> None:
    heard: list[BaseException | None] = []

    def fails(_progress: TaskProgress) -> None:
        raise RuntimeError("a secret detail")

    def later(_progress: TaskProgress) -> None:
        raise TryLater("daemon.busy")

    first = works.start("import", fails, on_end=heard.append)
    second = works.start("sync", later)
    third = works.start("rebuild", lambda _progress: None)
    assert works.wait(third.work_id, 5).failed is None
    says = works.get(first.work_id).failed
    assert says is not None
    assert "RuntimeError" in says
    assert "secret" not in says
    assert works.get(second.work_id).failed == "daemon.busy"
    assert [type(error) for error in heard] == [RuntimeError]


def test_closing_lets_the_one_under_way_stop_and_drops_the_rest() -> None:
    works = TaskQueue()
    began = threading.Event()

    def until_told(progress: TaskProgress) -> None:
        began.set()
        while not progress.stopping():
            threading.Event().wait(0.01)

    first = works.start("import", until_told)
    second = works.start("import", until_told)
    began.wait(5)
    assert works.close(5)
    assert (works.get(first.work_id).failed, works.get(second.work_id).ended) == (None, True)
    assert "daemon.stopped_before" in str(works.get(second.work_id).failed)
    with pytest.raises(TryLater):
        works.start("import", until_told)


def test_a_stranger_is_not_found(works: TaskQueue) -> None:
    with pytest.raises(Unknown):
        works.get("nobody")


def test_what_takes_too_long_is_cut_short_and_what_hangs_is_told() -> None:
    """The next one gets its turn when the work looks up; a thread that never does makes the monitor's check fail."""
    now = [0.0]
    works = TaskQueue(clock=lambda: now[0])
    try:
        begun, looks, ends = threading.Event(), threading.Event(), threading.Event()

        def slow(progress: TaskProgress) -> None:
            begun.set()
            looks.wait(30)
            assert progress.stopping()
            ends.wait(30)

        first = works.start("refresh", slow)
        second = works.start("refresh", lambda _progress: None)
        begun.wait(30)
        assert works.check() is None
        now[0] = DEADLINE_S + 1
        looks.set()
        now[0] = DEADLINE_S + SILENT_S + 1
        assert works.check() == "refresh has been under way for 90 min and all other work waits for it"
        ends.set()
        assert "daemon.cut_short" in (works.wait(first.work_id, 30).failed or "")
        assert works.wait(second.work_id, 30).failed is None
        assert works.check() is None
    finally:
        works.close(5)
