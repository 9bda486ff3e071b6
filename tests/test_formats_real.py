"""The FIT decoders against each other on a folder of real recordings."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from rules.facts.recorded import Recording
from sync.formats.fit.decoders import LINKS, Decoded, Decoder, fitdecode, fitfast, pyfitparsernative
from sync.formats.fit.file import is_fit, parts, read_fit
from sync.formats.outcome import Read
from sync.formats.read import members
from sync.formats.unwrap import Content, Limits, unwrap_path
from tests.factories_runs import differences


@pytest.fixture(scope="module")
def fit_files(real_data: Path) -> dict[str, bytes]:
    """Every file that is FIT by its content, out of its wrappings."""
    found: dict[str, bytes] = {}
    for path in sorted(real_data.rglob("*")):
        if path.is_file():
            for content in unwrap_path(path, path.relative_to(real_data).as_posix(), Limits()):
                if isinstance(content, Content) and is_fit(content.data):
                    found[content.name] = content.data
    assert found
    return found


def attempt(link: Decoder, data: bytes) -> Decoded | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return link(data)
    except Exception:
        return None


def clean(link: Decoder, data: bytes) -> tuple[Recording, ...] | None:
    """What the file holds when this link reads every part of it to the end."""
    decoded = {part.data: attempt(link, part.data) for part in parts(data) if part.sound}
    if any(one is None or not one.whole for one in decoded.values()) or not all(part.sound for part in parts(data)):
        return None
    outcome = read_fit(data, (lambda part: decoded[part] or link(part),))
    return outcome.recordings if isinstance(outcome, Read) else ()


def activities(decoded: Decoded) -> bool:
    kinds = {fields.get("type") for fields in decoded.messages.get("file_id", [])}
    timed = any("timestamp" in fields for fields in decoded.messages.get("record", []))
    return kinds <= {"activity", None} and (timed or bool(decoded.messages.get("session")))


def gist(recording: Recording) -> Iterator[object]:
    """What the links have to agree on: record count, first and last instant, distance, mean heart rate."""
    samples = recording.samples
    yield recording.start_utc
    yield 0 if samples is None else len(samples)
    yield None if samples is None else (float(samples.t_s[0]), float(samples.t_s[-1]))
    yield None if recording.distance_m is None else round(recording.distance_m, 1)
    yield None if recording.mean_heart_rate_bpm is None else round(recording.mean_heart_rate_bpm, 3)


def disagreements(name: str, data: bytes, links: Sequence[Decoder]) -> dict[str, object]:
    read = {link.__name__: found for link in links if (found := clean(link, data)) is not None}
    apart: dict[str, object] = {}
    for (one_link, one), (other_link, other) in pairwise(read.items()):
        assert len(one) == len(other), name
        for a, b in zip(one, other, strict=True):
            unlike = [pair for pair in zip(gist(a), gist(b), strict=True) if pair[0] != pair[1]]
            if unlike or differences(a, b, "decoder", "extra"):
                apart[f"{name}: {one_link} and {other_link}"] = (unlike, differences(a, b, "decoder", "extra"))
    return apart


SMALL_BYTES = 60_000
"""Up to here the pure decoder is quick enough for every day; `make torture` compares it on the others too."""


def test_the_compiled_links_say_the_same_of_every_recording(fit_files: dict[str, bytes]) -> None:
    apart: dict[str, object] = {}
    for name, data in fit_files.items():
        apart |= disagreements(name, data, (fitfast, pyfitparsernative))
    assert apart == {}


def test_all_links_say_the_same_of_every_small_recording(fit_files: dict[str, bytes]) -> None:
    apart: dict[str, object] = {}
    for name, data in fit_files.items():
        if len(data) <= SMALL_BYTES:
            apart |= disagreements(name, data, LINKS)
    assert apart == {}


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_all_links_say_the_same_of_every_large_recording(fit_files: dict[str, bytes]) -> None:
    apart: dict[str, object] = {}
    for name, data in fit_files.items():
        if len(data) > SMALL_BYTES:
            apart |= disagreements(name, data, (pyfitparsernative, fitdecode))
    assert apart == {}


def test_every_activity_that_any_decoder_reads_cleanly_is_imported(fit_files: dict[str, bytes]) -> None:
    lost = []
    for name, data in fit_files.items():
        outcome = read_fit(data)
        if isinstance(outcome, Read):
            for one in outcome.recordings:
                assert one.samples is None or np.all(np.diff(one.samples.t_s) > 0), name
            continue
        for part in parts(data):
            # The most forgiving link is the judge; it is slow, so only of what was not imported.
            decoded = attempt(fitdecode, part.data)
            if decoded is not None and decoded.whole and part.sound and activities(decoded):
                lost.append(name)
    assert lost == []


def test_every_file_has_exactly_one_outcome(real_data: Path) -> None:
    counted: Counter[str] = Counter()
    for path in sorted(real_data.rglob("*")):
        if not path.is_file():
            continue
        for leaf in members(path, path.name, Limits()):
            outcomes = [
                word
                for word, there in (
                    ("read", leaf.recordings),
                    ("problem", leaf.problem),
                    ("ignored", leaf.ignored),
                )
                if there
            ]
            assert len(outcomes) == 1, leaf.name
            counted[outcomes[0]] += 1
    assert counted["read"] > 0
    assert counted["problem"] > 0
