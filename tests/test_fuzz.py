"""A share of `make fuzz`, and readers that the watch over it must catch."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from bench.fuzz import CaseLimits, Job, fuzz, main
from bench.fuzz_subjects import SUBJECTS, Case, Subject

SEED = 20_260_314


@pytest.mark.timeout(3000)
@pytest.mark.parametrize("cases", [70, pytest.param(3_000, marks=pytest.mark.slow)])
def test_spoilt_input_breaks_nothing(cases: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same cases for everyone: without anybody's own recordings."""
    monkeypatch.delenv("SPRINGSTEP_REAL_DATA", raising=False)
    said: list[str] = []
    tally = fuzz([Job(subject, cases) for subject in SUBJECTS.values()], SEED, tmp_path / "kept", said.append)
    assert said == []
    assert (tally.cases, tally.findings) == (cases * len(SUBJECTS), [])
    # Were all of them refused at the first door, nothing would have been tried.
    assert [name for name in SUBJECTS if not tally.came_out[name, "read"]] == []


def test_a_number_gives_the_same_case_again() -> None:
    for subject in SUBJECTS.values():
        assert [subject.make(7, number) for number in range(5)] == [subject.make(7, number) for number in range(5)]


def numbered(seed: int, number: int) -> Case:
    return Case("case.txt", f"{seed}:{number}".encode())


def fails_in_four_ways(case: Case) -> str:
    match case.data:
        case b"7:1":
            raise KeyError("what nobody foresaw")
        case b"7:3":
            while True:
                pass
        case b"7:5":
            return str(len(bytearray(200 << 20)))
        case b"7:7":
            os.kill(os.getpid(), signal.SIGSEGV)
        case b"7:9":
            signal.pause()
    return "read"


def test_what_breaks_is_found_kept_and_told_and_the_others_are_read(tmp_path: Path) -> None:
    said: list[str] = []
    limits = CaseLimits(cpu_s=1.0, memory_mb=100, wall_s=10.0)
    watched = Subject("watched", numbered, fails_in_four_ways)
    tally = fuzz([Job(watched, 11), Job(watched, 1, first=20)], 7, tmp_path, said.append, limits)
    assert dict(tally.came_out) == {("watched", "read"): 7, ("watched", "raised"): 2, ("watched", "broken"): 3}
    assert [(found.number, found.what.splitlines()[-1]) for found in tally.findings] == [
        (1, "KeyError: 'what nobody foresaw'"),
        (3, "took more than 1 seconds of a processor"),
        (5, "took more than 100 MB"),
        (7, "killed its process: SIGSEGV"),
        (9, "said nothing for 10 seconds"),
    ]
    assert sorted(path.name for path in tmp_path.iterdir()) == [f"watched-7-{n}=case.txt" for n in (1, 3, 5, 7, 9)]
    assert [line.rpartition("\n")[2] for line in said] == [
        f"  again: python -m bench.fuzz --file '{tmp_path}/watched-7-{number}=case.txt'" for number in (1, 3, 5, 7, 9)
    ]


def test_a_kept_case_is_read_again_by_its_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept = tmp_path / "services-7-3=strava_json.json"
    kept.write_bytes(b'{"summary": {"start_date": "2026-03-14T06:30:00Z", "elapsed_time": 3}}')
    assert main(["--file", str(kept), "--seed", "7"]) == 0
    assert "services          1 cases: read 1;" in capsys.readouterr().out


def test_a_case_that_began_as_somebodys_recording_is_not_written_down(tmp_path: Path) -> None:
    tally = fuzz([Job(Subject("fit", secret, fails), 1)], 7, tmp_path / "kept", lambda _: None)
    assert [found.again for found in tally.findings] == ["python -m bench.fuzz --seed 7 --format fit --case 0"]
    assert not (tmp_path / "kept").exists()


def secret(seed: int, number: int) -> Case:
    return Case("run.fit", b"somebody's", secret=True)


def fails(case: Case) -> str:
    raise KeyError
