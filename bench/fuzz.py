"""Spoilt files and answers through the code that reads them: nothing may raise, hang, or take the machine's memory.

    python -m bench.fuzz                                   twenty minutes, divided over the formats, a new seed
    python -m bench.fuzz --minutes 2 --format fit          less, and one format alone
    python -m bench.fuzz --seed 7 --format fit --case 41   one case again
    python -m bench.fuzz --file KEPT                       one case again from the file that was kept of it

A process of its own reads the cases, each within 5 seconds of a processor and 300 MB: the kernel ends what takes longer
or more, the case is kept, and another process goes on with the next one. Exit code 1 when anything was found.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import resource
import secrets
import signal
import sys
import tempfile
import time
import traceback
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path

from bench.fuzz_subjects import SUBJECTS, Case, Subject, kept

MINUTES = 20.0
SHOWN = 3
"""Of findings that are alike."""
Say = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class CaseLimits:
    """For one case: of a processor, of memory beyond what the process holds, and of silence."""

    cpu_s: float = 5.0
    memory_mb: int = 300
    wall_s: float = 120.0


@dataclass(frozen=True, slots=True)
class Job:
    """The cases ``first`` to ``first + cases - 1`` of a subject, as far as ``seconds`` reach."""

    subject: Subject
    cases: int
    seconds: float = float("inf")
    first: int = 0


@dataclass(frozen=True, slots=True)
class Told:
    """What the reading process says: of a case it begins (``word`` is None) or of one that is over."""

    job: int
    number: int
    word: str | None = None
    found: str | None = None
    cpu_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Finding:
    subject: str
    number: int
    what: str
    again: str


@dataclass(slots=True)
class FuzzTally:
    """``came_out`` counts by subject and word; ``slowest`` is seconds of a processor and the case's number.

    ``unforeseen`` is the first case of each kind that only the guard around every file caught: the runner saw it, but
    not what is wrong.
    """

    came_out: Counter[tuple[str, str]] = field(default_factory=Counter)
    findings: list[Finding] = field(default_factory=list)
    alike: Counter[tuple[str, str]] = field(default_factory=Counter)
    slowest: dict[str, tuple[float, int]] = field(default_factory=dict)
    unforeseen: dict[tuple[str, str], tuple[int, str]] = field(default_factory=dict)

    @property
    def cases(self) -> int:
        return self.came_out.total()


def fuzz(
    jobs: Sequence[Job],
    seed: int,
    folder: Path,
    say: Say,
    limits: CaseLimits = CaseLimits(),
) -> FuzzTally:
    """All jobs, one after the other, in as many processes as cases break."""
    tally = FuzzTally()
    left = list(jobs)
    while left:
        left = _one_process(left, seed, folder, say, tally, limits)
    return tally


def _one_process(jobs: list[Job], seed: int, folder: Path, say: Say, tally: FuzzTally, limits: CaseLimits) -> list[Job]:
    """What is left to do: nothing, or what comes after the case in which the process ended."""
    spawn = multiprocessing.get_context("spawn")
    ours, theirs = spawn.Pipe(duplex=False)
    process = spawn.Process(target=read_cases, args=(theirs, jobs, seed, limits))
    with _nobody_s_program():
        process.start()
    theirs.close()
    begun: Told | None = None
    began_s: dict[int, float] = {}
    with ours:
        for told in _answers(ours, limits.wall_s):
            if told is None:
                process.kill()
                break
            job = jobs[told.job]
            began_s.setdefault(told.job, time.monotonic())
            if told.word is None:
                begun = told
                continue
            begun = None
            tally.came_out[job.subject.name, told.word.partition(" ")[0]] += 1
            tally.slowest[job.subject.name] = max(
                tally.slowest.get(job.subject.name, (0.0, 0)), (told.cpu_s, told.number)
            )
            if told.word.startswith("unforeseen"):
                tally.unforeseen.setdefault((job.subject.name, told.word.partition(":")[0]), (told.number, told.word))
            if told.found is not None:
                _keep(job.subject, told.number, told.found, seed, folder, say, tally)
    process.join()
    if begun is None:
        if process.exitcode:
            raise RuntimeError(f"the process that reads ended between two cases, exit code {process.exitcode}")
        return []
    job = jobs[begun.job]
    tally.came_out[job.subject.name, "broken"] += 1
    _keep(job.subject, begun.number, _death(process.exitcode or 0, limits), seed, folder, say, tally)
    seconds = job.seconds - (time.monotonic() - began_s[begun.job])
    rest = replace(
        job, first=begun.number + 1, cases=job.first + job.cases - begun.number - 1, seconds=max(0.0, seconds)
    )
    return [rest, *jobs[begun.job + 1 :]]


@contextmanager
def _nobody_s_program() -> Iterator[None]:
    """The child must not run the program that started this one once more: under a test runner it is no program."""
    main = sys.modules["__main__"].__dict__
    path = main.pop("__file__", None)
    try:
        yield
    finally:
        if path is not None:
            main["__file__"] = path


def _answers(pipe: Connection, wall_s: float) -> Iterator[Told | None]:
    """Until the other side ends; ``None`` when it says nothing for too long."""
    while True:
        try:
            if not pipe.poll(wall_s):
                yield None
                return
            yield pipe.recv()
        except EOFError:
            return


def _death(exit_code: int, limits: CaseLimits) -> str:
    match -exit_code:
        case signal.SIGPROF:
            return f"took more than {limits.cpu_s:g} seconds of a processor"
        case signal.SIGKILL:
            return f"said nothing for {limits.wall_s:g} seconds"
        case number if number > 0:
            return f"killed its process: {signal.Signals(number).name}"
        case _:
            return f"ended its process with exit code {exit_code}"


def _keep(subject: Subject, number: int, what: str, seed: int, folder: Path, say: Say, tally: FuzzTally) -> None:
    *_, place, error = ["", "", *what.splitlines()]
    kind = (subject.name, f"{place} {error.partition(':')[0]}")
    tally.alike[kind] += 1
    if tally.alike[kind] > SHOWN:
        return
    case = subject.make(seed, number)
    again = f"python -m bench.fuzz --seed {seed} --format {subject.name} --case {number}"
    if not case.secret:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{subject.name}-{seed}-{number}={case.name}"
        path.write_bytes(case.data)
        again = f"python -m bench.fuzz --file '{path}'"
    tally.findings.append(Finding(subject.name, number, what, again))
    say(f"{subject.name} {number}, seed {seed}: {what.strip()}\n  again: {again}")


# --- the process that reads -----------------------------------------------------------------------


def read_cases(pipe: Connection, jobs: Iterable[Job], seed: int, limits: CaseLimits) -> None:
    warnings.simplefilter("ignore")
    for place, job in enumerate(jobs):
        ends = time.monotonic() + job.seconds
        for number in range(job.first, job.first + job.cases):
            if time.monotonic() > ends:
                break
            case = job.subject.make(seed, number)
            pipe.send(Told(place, number))
            with _quiet():
                told = _read(job.subject, case, place, number, limits)
            pipe.send(told)
    pipe.close()


@contextmanager
def _quiet() -> Iterator[None]:
    """A compiled decoder writes its panics to stderr before Python hears of them."""
    held, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(held, 2)
        os.close(held)
        os.close(nowhere)


def _read(subject: Subject, case: Case, place: int, number: int, limits: CaseLimits) -> Told:
    began = time.process_time()
    _limit(limits.cpu_s, limits.memory_mb)
    try:
        word, found = subject.read(case), None
    except MemoryError:
        word, found = "raised", f"{_where(sys.exc_info()[1])}\ntook more than {limits.memory_mb} MB"
    except BaseException as error:  # A decoder's panic is no Exception.
        word, found = "raised", f"{_where(error)}\n{type(error).__name__}: {str(error)[:300]}"
    finally:
        _limit(0, None)
    cpu_s = time.process_time() - began
    return Told(place, number, word, found, cpu_s)


def _limit(cpu_s: float, memory_mb: int | None) -> None:
    """From now on; 0 and None lift the limits. What the process already holds does not count."""
    signal.setitimer(signal.ITIMER_PROF, cpu_s)
    most = resource.getrlimit(resource.RLIMIT_AS)[1]
    if memory_mb is not None:
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        most = pages * resource.getpagesize() + (memory_mb << 20)
    resource.setrlimit(resource.RLIMIT_AS, (most, resource.getrlimit(resource.RLIMIT_AS)[1]))


def _where(error: BaseException | None) -> str:
    """The last places in the way to it."""
    frames = [] if error is None else traceback.extract_tb(error.__traceback__)[-4:]
    return "\n".join(f"  {Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames)


# --- the command ----------------------------------------------------------------------------------


def report(tally: FuzzTally, say: Say) -> None:
    say("")
    for name in dict.fromkeys(subject for subject, _ in tally.came_out):
        words = {word: count for (subject, word), count in sorted(tally.came_out.items()) if subject == name}
        slow, number = tally.slowest.get(name, (0.0, 0))
        counts = ", ".join(f"{word} {count}" for word, count in words.items())
        say(f"{name:<10} {sum(words.values()):>8} cases: {counts}; slowest {slow:.2f} s (case {number})")
    for (name, _), (number, word) in tally.unforeseen.items():
        say(f"{name} {number} was reported as {word}")
    say(f"{tally.cases} cases, {tally.alike.total()} findings, {len(tally.alike)} kinds of them")


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.fuzz", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--minutes", type=float, default=MINUTES, help="in all, divided over the formats")
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--format", action="append", choices=SUBJECTS, help="may be given again; without it, all")
    parser.add_argument("--case", type=int, help="this number alone, of the one format")
    parser.add_argument("--file", type=Path, help="a case that was kept")
    parser.add_argument("--keep", type=Path, help="the folder for cases that break")
    given = parser.parse_args(arguments)
    seed = secrets.randbelow(2**32) if given.seed is None else given.seed
    folder = given.keep or Path(tempfile.gettempdir()) / f"springstep-fuzz-{seed}"
    subjects = [SUBJECTS[name] for name in given.format or SUBJECTS]
    if given.file is not None:
        subject = SUBJECTS[given.file.name.partition("-")[0]]
        jobs = [Job(replace(subject, make=partial(kept, given.file)), 1)]
    elif given.case is not None:
        jobs = [Job(subject, 1, first=given.case) for subject in subjects]
    else:
        jobs = [Job(subject, sys.maxsize, given.minutes * 60 / len(subjects)) for subject in subjects]
    print(f"seed {seed}; what breaks is kept in {folder}", flush=True)
    tally = fuzz(jobs, seed, folder, partial(print, flush=True))
    report(tally, print)
    return 1 if tally.findings else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
