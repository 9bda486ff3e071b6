"""Which recordings are one run: named pairs, clusters that no order changes, and fields from the copy that has them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.facts.recorded import FileId
from sync.runs.clustering import PairDecision, PairQuestion, cluster, questions
from sync.runs.field_merge import SourceRecord, combine
from sync.runs.matching import RULES, Comparison, Identity, compare
from tests.factories_runs import bare_run, run, samples

START = datetime(2026, 3, 14, 6, 30)


def one(recording_id: str = "a", after_s: float = 0.0, **changes: object) -> Identity:
    """An hour's run of 10 km, ``after_s`` seconds after half past six."""
    made = Identity(
        recording_id=recording_id,
        sha256=f"content of {recording_id}",
        leg=0,
        sport="running",
        start_utc=START + timedelta(seconds=after_s),
        elapsed_s=3600.0,
        timer_s=3600.0,
        distance_m=10_000.0,
        sample_count=3600,
        richness=8,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def watch(recording_id: str = "a", serial: int = 1, after_s: float = 0.0, **changes: object) -> Identity:
    """The same from a watch that stamps its files."""
    stamp = START + timedelta(seconds=after_s)
    return one(recording_id, after_s, serial_number=serial, time_created_utc=stamp, **changes)


PAIRS = {
    "watch and phone": (watch("a"), one("b", 40, distance_m=10_150.0), "alike"),
    "a shorter distance, the same time": (one("a"), one("b", 10, distance_m=8_000.0), "alike"),
    "pauses counted by one only": (
        one("a", timer_s=3000.0),
        one("b", 5, timer_s=None, elapsed_s=3050.0, distance_m=None),
        "alike",
    ),
    "one copy without a distance": (one("a"), one("b", 60, distance_m=None), "alike"),
    "three minutes apart": (one("a"), one("b", 180), "overlap"),
    "same file id and start, re-encoded": (
        watch("a"),
        watch("b", elapsed_s=900.0, timer_s=None, distance_m=None),
        "one-file",
    ),
    "a trimmed start keeps the file id": (
        watch("a"),
        replace(watch("b"), start_utc=START + timedelta(seconds=600), elapsed_s=3000.0),
        "one-file",
    ),
    "a trimmed start without file id": (
        one("a"),
        one("b", 600, elapsed_s=3000.0, timer_s=3000.0, distance_m=8_300.0),
        "overlap",
    ),
    "one service id": (
        one("a", refs=frozenset({"garmin:1"})),
        one("b", 9_000, refs=frozenset({"garmin:1", "strava:7"})),
        "one-id",
    ),
    "one watch cannot record two at once": (watch("a"), watch("b", after_s=60), "one-watch"),
    "two watches can": (watch("a"), watch("b", serial=2, after_s=60), "alike"),
    "another sport at the same time": (one("a"), one("b", sport="cycling"), "another-sport"),
    "legs of one file": (one("a", sha256="x"), one("b", sha256="x", leg=1, elapsed_s=10.0), "another-leg"),
    "a chained file with a second copy": (one("a", sha256="x"), one("b", sha256="x", leg=1), "written-twice"),
    "no sport, same time and way": (one("a"), one("b", 20, sport=None), "alike"),
    "no sport, same time, another way": (one("a"), one("b", 20, sport=None, distance_m=25_000.0), "overlap"),
    "a clock an hour off": (one("a"), one("b", 3600 + 15), "clock"),
    "a clock an hour off, another run": (
        one("a"),
        one("b", 3600 + 15, elapsed_s=2000.0, timer_s=None, distance_m=6_000.0),
        "nothing-shared",
    ),
    "the same loop a day later": (one("a"), one("b", 86_400), "nothing-shared"),
    "two runs a day": (one("a"), one("b", 36_000 + 700), "nothing-shared"),
    "a hidden start": (watch("a"), one("b", -6.5 * 3600 + 1), "hidden-start"),
    "strides recorded one by one": (
        one("a", elapsed_s=60.0, timer_s=60.0, distance_m=300.0),
        one("b", 90, elapsed_s=60.0, timer_s=60.0, distance_m=300.0),
        "nothing-shared",
    ),
    "nothing measured": (
        one("a", elapsed_s=0.0, timer_s=0.0, distance_m=0.0),
        one("b", elapsed_s=0.0, timer_s=0.0, distance_m=0.0),
        "nothing-shared",
    ),
    "a purged copy on the same day": (one("a"), one("b", 20_000, removed=True, elapsed_s=0.0), "removed-that-day"),
    "a purged copy of another day": (one("a"), one("b", 43_201, removed=True, elapsed_s=0.0), "removed"),
    "two purged copies of a day": (one("a", removed=True), one("b", 60, removed=True), "removed"),
    "a purged copy of an unknown sport": (one("a", sport=None), one("b", 0, removed=True), "removed"),
    # On the edge, and just beyond it.
    "two minutes apart": (one("a"), one("b", 120), "alike"),
    "two minutes and a second apart": (one("a"), one("b", 121), "overlap"),
    "as long within five percent": (one("a"), one("b", elapsed_s=3420.0, timer_s=None, distance_m=None), "alike"),
    "shorter by more than five percent": (
        one("a"),
        one("b", elapsed_s=3419.0, timer_s=None, distance_m=None),
        "overlap",
    ),
    "four fifths within the other": (one("a"), one("b", 720, distance_m=None), "overlap"),
    "less than four fifths": (one("a"), one("b", 721, distance_m=None), "nothing-shared"),
    "half of a trimmed copy lies in the whole": (
        watch("a"),
        replace(watch("b"), start_utc=START + timedelta(seconds=1800)),
        "one-file",
    ),
    "less than half of it does": (
        watch("a"),
        replace(watch("b"), start_utc=START + timedelta(seconds=1801), distance_m=None),
        "nothing-shared",
    ),
    "a clock fourteen hours and two minutes off": (one("a"), one("b", 14 * 3600 + 120), "clock"),
    "a traveller's two equal runs, eleven hours apart": (
        one("a", refs=frozenset({"local:2026-03-14T18:30:00"})),
        one("b", 11 * 3600, refs=frozenset({"local:2026-03-14T18:30:00"})),
        "two-zones",
    ),
    "a traveller's two runs, nine hours apart, at other hours": (
        one("a", refs=frozenset({"local:2026-03-14T07:30:00"})),
        one("b", 9 * 3600, refs=frozenset({"local:2026-03-14T07:30:00"})),
        "two-zones",
    ),
    "a clock that takes local time for UTC": (
        one("a", refs=frozenset({"local:2026-03-14T07:30:00"})),
        one("b", 3600, refs=frozenset({"local:2026-03-14T07:30:00"})),
        "clock",
    ),
    "a clock an hour off in one zone": (
        one("a", refs=frozenset({"local:2026-03-14T07:30:00"})),
        one("b", 3600, refs=frozenset({"local:2026-03-14T08:30:00"})),
        "clock",
    ),
    "a clock fifteen hours off": (one("a"), one("b", 15 * 3600), "nothing-shared"),
    "a file's number, 26 hours apart": (
        one("a", refs=frozenset({"upload:5"})),
        one("b", 26 * 3600, refs=frozenset({"upload:5"})),
        "one-id",
    ),
    "a file's number, a second more": (
        one("a", refs=frozenset({"upload:5"})),
        one("b", 26 * 3600 + 1, refs=frozenset({"upload:5"})),
        "nothing-shared",
    ),
    "one wall clock, a table without a zone": (
        one("a", refs=frozenset({"local:2026-03-14T07:30:00"})),
        one("b", 7200 + 200, format="garmin_csv", refs=frozenset({"local:2026-03-14T07:30:00"})),
        "one-id",
    ),
    "one wall clock, two files": (
        one("a", refs=frozenset({"local:2026-03-14T07:30:00"})),
        one("b", 7200 + 200, refs=frozenset({"local:2026-03-14T07:30:00"})),
        "nothing-shared",
    ),
    # The order is meaning.
    "another sport comes before one id": (
        one("a", refs=frozenset({"garmin:1"})),
        one("b", sport="cycling", refs=frozenset({"garmin:1"})),
        "another-sport",
    ),
    "one id comes before one watch": (
        watch("a", refs=frozenset({"garmin:1"})),
        watch("b", after_s=60, refs=frozenset({"garmin:1"})),
        "one-id",
    ),
    "one watch comes before alike figures": (watch("a"), watch("b", after_s=100), "one-watch"),
}


ANSWERS = {
    "written-twice": Comparison("exact", "written-twice"),
    "another-leg": Comparison("never", "another-leg"),
    "another-sport": Comparison("never", "another-sport"),
    "one-id": Comparison("exact", "one-id"),
    "removed-that-day": Comparison("maybe", "removed-that-day", "removed"),
    "removed": Comparison("none", "removed"),
    "one-file": Comparison("exact", "one-file"),
    "one-watch": Comparison("never", "one-watch"),
    "alike": Comparison("near", "alike"),
    "overlap": Comparison("maybe", "overlap", "overlap"),
    "two-zones": Comparison("never", "two-zones"),
    "clock": Comparison("maybe", "clock", "clock"),
    "hidden-start": Comparison("maybe", "hidden-start", "hidden_start"),
    "nothing-shared": Comparison("none", "nothing-shared"),
}


@pytest.mark.parametrize("case", PAIRS)
def test_pairs(case: str) -> None:
    a, b, rule = PAIRS[case]
    assert (compare(a, b), compare(b, a)) == (ANSWERS[rule], ANSWERS[rule])


def test_each_rule_has_a_case() -> None:
    assert {rule for _, _, rule in PAIRS.values()} == {rule.name for rule in RULES} | {"nothing-shared"}


def test_a_third_copy_links_but_never_through_what_is_kept_apart() -> None:
    first, middle, last = one("a", 0), one("b", 100), one("c", 200)
    assert cluster([first, middle, last]) == [("a", "b", "c")]
    apart = PairDecision("a", "c", same=False)
    assert cluster([first, middle, last], [apart]) == [("a", "b"), ("c",)]


def test_an_unknown_sport_does_not_join_two_known_ones() -> None:
    found = cluster([one("a"), one("b", 10, sport=None), one("c", 20, sport="cycling")])
    assert found == [("a", "b"), ("c",)]


def test_the_runners_word_comes_first_in_both_directions() -> None:
    far = [one("a"), one("b", 50_000, sport="cycling")]
    assert cluster(far, [PairDecision("b", "a", same=True)]) == [("a", "b")]
    near = [one("a"), one("b", 5)]
    assert cluster(near, [PairDecision("a", "b", same=False)]) == [("a",), ("b",)]


def test_the_lead_is_the_whole_and_rich_copy() -> None:
    copies = [
        one("a", partial=True),
        one("b", 5, richness=3),
        one("c", 5, format="garmin_json", sample_count=0),
        one("d", 5, format="tcx"),
        one("e", 5),
    ]
    assert cluster(copies) == [("e", "d", "b", "a", "c")]


def test_a_question_is_asked_once_and_not_after_an_answer() -> None:
    pair = [one("a"), one("b", 10), one("c", 3600)]
    assert questions(pair) == [PairQuestion("a", "c", "clock")]
    assert questions(pair, [PairDecision("c", "b", same=False)]) == []
    assert questions(pair, [PairDecision("a", "c", same=True)]) == []


# --- sets -----------------------------------------------------------------------------------------

SOME = st.builds(
    lambda after_s, elapsed_s, distance_m, sport, serial, ref: (after_s, elapsed_s, distance_m, sport, serial, ref),
    st.integers(0, 900),
    st.sampled_from([600.0, 610.0, 900.0]),
    st.sampled_from([None, 2000.0, 2030.0, 3000.0]),
    st.sampled_from(["running", "running", "cycling", None]),
    st.sampled_from([None, 1, 2]),
    st.sampled_from(["", "", "garmin:1", "garmin:2"]),
)


@st.composite
def crowds(draw: st.DrawFn) -> list[Identity]:
    rows = draw(st.lists(SOME, max_size=9))
    return [
        one(
            f"r{number}", after_s, elapsed_s=elapsed_s, timer_s=None, distance_m=distance_m, sport=sport,
            serial_number=serial, time_created_utc=START + timedelta(seconds=after_s) if serial else None,
            refs=frozenset({ref} - {""}),
        )
        for number, (after_s, elapsed_s, distance_m, sport, serial, ref) in enumerate(rows)
    ]  # fmt: skip


@st.composite
def decided(draw: st.DrawFn) -> tuple[list[Identity], list[PairDecision]]:
    crowd = draw(crowds())
    names = [member.recording_id for member in crowd]
    if len(names) < 2:
        return crowd, []
    pairs = draw(st.lists(st.permutations(names).map(lambda found: tuple(sorted(found[:2]))), max_size=4, unique=True))
    return crowd, [PairDecision(a, b, draw(st.booleans())) for a, b in pairs]


@given(decided(), st.randoms(use_true_random=False))
def test_clusters_are_a_partition_that_no_order_changes(
    crowd: tuple[list[Identity], list[PairDecision]], dice: object
) -> None:
    everyone, decisions = crowd
    found = cluster(everyone, decisions)
    assert sorted(name for group in found for name in group) == sorted(each.recording_id for each in everyone)
    shuffled, turned = list(everyone), list(decisions)
    dice.shuffle(shuffled)  # type: ignore[attr-defined]
    dice.shuffle(turned)  # type: ignore[attr-defined]
    assert cluster(shuffled, turned) == found
    assert questions(shuffled, turned) == questions(everyone, decisions)


@given(decided())
def test_no_cluster_holds_what_was_kept_apart(crowd: tuple[list[Identity], list[PairDecision]]) -> None:
    everyone, decisions = crowd
    apart = {(each.recording_a, each.recording_b) for each in decisions if not each.same}
    forced = any(each.same for each in decisions)
    by_id = {each.recording_id: each for each in everyone}
    for group in cluster(everyone, decisions):
        pairs = [(a, b) for a in sorted(group) for b in sorted(group) if a < b]
        if forced:  # The runner's "same" may join two groups across a "different" of theirs.
            continue
        assert not apart & set(pairs)
        for a, b in pairs:
            assert compare(by_id[a], by_id[b]).link != "never"


@given(crowds())
def test_a_group_is_the_same_seen_from_its_neighbourhood_alone(everyone: list[Identity]) -> None:
    for group in cluster(everyone):
        reached = _reach(everyone, group[0])
        assert group in cluster(reached)


def _reach(everyone: Sequence[Identity], name: str) -> list[Identity]:
    """As the store looks: what is within 120 s, shares a service id or a file id, and so on from there."""
    reached = {name}
    by_id = {each.recording_id: each for each in everyone}
    while True:
        more = {
            other.recording_id
            for known in map(by_id.__getitem__, reached)
            for other in everyone
            if abs((other.start_utc - known.start_utc).total_seconds()) <= 120
            or other.refs & known.refs
            or (other.serial_number and (other.serial_number, other.time_created_utc)
                == (known.serial_number, known.time_created_utc))
        }  # fmt: skip
        if more <= reached:
            return [by_id[each] for each in reached]
        reached |= more


# --- fields ---------------------------------------------------------------------------------------


def test_each_field_comes_from_the_copy_that_has_it() -> None:
    without_heart = samples(600, heart_rate_bpm=np.full(600, np.nan))
    lead = run(
        mean_heart_rate_bpm=None, max_heart_rate_bpm=None, samples=without_heart, title=None, rpe=None,
        training_effect_label=None, training_effect_aerobic=2.0,
    )  # fmt: skip
    strap = run(start_utc=lead.start_utc + timedelta(seconds=100), title="Watch title", training_effect_label="TEMPO")
    service = bare_run(title="Six by four hundred", rpe=7.0, distance_m=1800.0, file_id=FileId("x", "y", 1, None))
    found, sources = combine(
        [SourceRecord("a", "file", lead), SourceRecord("b", "file", strap), SourceRecord("c", "strava", service)]
    )
    assert (found.title, found.rpe, found.distance_m, found.mean_heart_rate_bpm, found.training_effect_aerobic) == (
        "Six by four hundred", 7.0, 1797.0, 140.0, 3.1,
    )  # fmt: skip
    asked = ("title", "rpe", "distance_m", "mean_heart_rate_bpm", "samples", "samples.heart_rate_bpm")
    assert {name: sources[name] for name in asked} == {
        "title": "c", "rpe": "c", "distance_m": "a", "mean_heart_rate_bpm": "b", "samples": "a",
        "samples.heart_rate_bpm": "b",
    }  # fmt: skip
    assert found.samples is not None
    heart = found.samples.heart_rate_bpm
    # The strap began 100 s later; 5 s before that its first beat is near enough.
    assert np.isnan(heart[:95]).all()
    assert (heart[95:] == 140.0).all()


def test_a_known_sport_replaces_an_inferred_one() -> None:
    guessed = run(sport="running", sport_inferred=True, sub_sport=None)
    told = run(sport="running", sub_sport="trail")
    found, _ = combine([SourceRecord("a", "file", guessed), SourceRecord("b", "file", told)])
    assert (found.sport_inferred, found.sub_sport) == (False, "trail")
