"""Labels by named cases (``cases/classify_*.yaml``), and what must hold for every run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from copy import deepcopy
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Literal

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from rules import text as language
from rules.classify.inputs import Input
from rules.classify.judge import OWN_INPUTS, Judge
from rules.classify.model import classifier_knowledge
from rules.classify.primary_kind import ClassifySettings, corrected, facets_of, namers, raced, rivals
from rules.classify.reasons import SAME_NUMBER, reasons
from rules.facts.kinds import HARD, HILLY, Facet, Kind, Tier
from rules.facts.labels import Labels
from rules.facts.recorded import Recording
from rules.measure.features import RunFeatures, measure
from sync.service.queries.label_views import evidence_line, in_units

CASES = Path(__file__).parent / "cases"
BEGAN = datetime(2026, 3, 2, 7, 0)


def row(day: int, km: float, minutes: float, **more: Any) -> RunFeatures:
    """A log row ``day`` days after a Monday morning."""
    climb = more.pop("climb_per_km", None)
    hour = more.pop("hour", 7)
    return measure(
        Recording(
            sport="running",
            start_utc=BEGAN + timedelta(days=day, hours=hour - 7),
            elapsed_s=minutes * 60,
            moving_s=minutes * 60,
            distance_m=km * 1000,
            ascent_m=None if climb is None else climb * km,
            mean_heart_rate_bpm=more.pop("bpm", None),
            **more,
        )
    )


@cache
def season(weeks: int = 10, climb_per_km: float | None = 6.0) -> tuple[RunFeatures, ...]:
    """A plain life: easy Monday, Wednesday and Friday, faster Thursday, longer Sunday."""
    runs: list[RunFeatures] = []
    for week in range(weeks):
        at = 7 * week
        wobble = (week * 7 % 5 - 2) / 20
        for day, km, pace, bpm in (
            (0, 8, 5.9, 138),
            (2, 9, 5.8, 140),
            (3, 9, 5.0, 158),
            (4, 7, 6.0, 137),
            (6, 17, 6.0, 142),
        ):
            runs.append(
                row(
                    at + day,
                    km + wobble * 4,
                    (km + wobble * 4) * (pace + wobble),
                    bpm=bpm + round(wobble * 20),
                    climb_per_km=climb_per_km,
                )
            )
    return tuple(runs)


def judge_after(runs: Iterable[RunFeatures], **settings_: Any) -> Judge:
    judge = Judge(settings=ClassifySettings(**settings_))
    for run in runs:
        judge.label(run)
    return judge


def cases() -> Iterator[Any]:
    for path in sorted(CASES.glob("classify_*.yaml")):
        for case in yaml.safe_load(path.read_text(encoding="utf-8")):
            yield pytest.param(case, id=f"{path.stem}: {case['name']}")


@pytest.mark.parametrize("case", list(cases()))
def test_case(case: dict[str, Any]) -> None:
    judge = judge_after(season(case.get("weeks", 10)), **case.get("settings", {}))
    labels = judge.label(row(7 * case.get("weeks", 10) + case.get("day", 1), **case["run"]))
    found: dict[str, Any] = {facet.value: label.value for facet, label in labels.facets.items()}
    found["primary"] = labels.primary.value if labels.primary else None
    found["tier"] = labels.tier.value
    found["possible"] = sorted(kind.value for kind in labels.possible)
    assert {name: found[name] for name in case["expect"]} == case["expect"]


def test_every_reason_has_its_sentence_in_every_language() -> None:
    texts = [language.load_language(code) for code in ("en", "de")]
    judge = Judge()
    titled = [
        replace(run, title_words=("tempo", "long"), provider_label="TEMPO", rpe=7.0, workout_type="workout")
        for run in season(3)
    ]
    for run in [*season(6), *titled]:
        labels = corrected(judge.label(run, {Facet.INTENSITY: "easy"}), {Facet.SURFACE: "grass"})
        for facet in labels.facets.values():
            for reason in facet.evidence:
                for text in texts:
                    assert evidence_line(reason, text).says


def test_every_input_has_its_sentences() -> None:
    """Each weight can be shown: one text where the input only ever speaks up, two where it speaks both ways."""
    english = language.load_language("en")
    known = classifier_knowledge()
    names = {name for part in (known.summary, known.samples) for question in part.values() for name in question.weights}
    assert [name for name in sorted(names) if f"evidence.{name}_up" not in english] == []
    names |= {"bias"}.union(*OWN_INPUTS.values())
    for text in (english, language.load_language("de")):
        assert [name for name in sorted(names) if f"input.{name}" not in text] == []
    votes = {name if not name.startswith("label_") else "label" for part in known.votes.values() for name in part}
    assert [name for name in sorted(votes) if f"evidence.{name}" not in english] == []


def test_features_survive_json_and_stay_small() -> None:
    run = season(1)[2]
    assert RunFeatures.from_json(run.to_json()) == run
    with pytest.raises(ValueError, match="measure again"):
        RunFeatures.from_json({**run.to_json(), "version": 0})


def test_a_label_knows_nothing_of_later_runs() -> None:
    runs = season(6)
    judge = Judge()
    whole = [judge.label(run) for run in runs]
    again = Judge()
    assert [again.label(run) for run in runs[:12]] == whole[:12]


def test_an_answer_teaches_later_runs_and_never_its_own() -> None:
    runs = season(8)
    taught, plain = Judge(), Judge()
    for run in runs:
        said = {Facet.INTENSITY: "tempo" if run.day.weekday() == 4 else "easy"}
        first = (taught.label(run, said), plain.label(run))
        if run is runs[0]:
            assert first[0] == first[1]
    friday = row(8 * 7 + 4, 7, 42, bpm=137, climb_per_km=6)
    assert hard(taught.label(friday)) > hard(plain.label(friday)) + 0.2


def test_what_answers_taught_is_told_with_its_weights_and_its_day() -> None:
    judge = Judge()
    for run in season(8):
        labels = judge.label(run, {Facet.INTENSITY: "tempo" if run.day.weekday() == 4 else "easy"})
    evidence = labels.facets[Facet.INTENSITY].evidence[-1]
    assert (evidence.rule, evidence.values["answers"], evidence.values["last"]) == ("own_weights", 39, "2026-04-24")
    shared, now = evidence.values["weights"]["weekday_hard"]
    assert now > shared == classifier_knowledge().summary["hard"].weights["weekday_hard"]
    said = evidence_line(evidence, language.load_language("en")).says
    assert said.startswith("You've answered 39 times (up to Fri 24 Apr 2026). That changed what counts: ")
    assert f"hard on this weekday {shared:.2f} → {now:.2f}" in said
    assert labels.facets[Facet.LONG].evidence[-1].rule != "own_weights"


def hard(labels: Labels) -> float:
    return sum(labels.facets[Facet.INTENSITY].probabilities[kind] for kind in HARD)


def hilly(labels: Labels) -> float:
    return sum(labels.facets[Facet.HILLS].probabilities[kind] for kind in HILLY)


def long(labels: Labels) -> float:
    return labels.facets[Facet.LONG].probabilities["yes"]


@cache
def seasoned(**settings_: Any) -> Judge:
    return judge_after(season(6), **settings_)


def judged(run: RunFeatures, **settings_: Any) -> Labels:
    """The run after the same season each time: thresholds and history are held fixed."""
    return deepcopy(seasoned(**settings_)).label(run)


@settings(max_examples=25, deadline=None)
@given(st.floats(0, 60), st.floats(0, 40), st.floats(3, 30))
def test_more_climb_never_makes_a_run_less_hilly(climb: float, more: float, km: float) -> None:
    low, high = (judged(row(43, km, km * 6, climb_per_km=c)) for c in (climb, climb + more))
    assert hilly(high) >= hilly(low) - 1e-9


@settings(max_examples=25, deadline=None)
@given(st.floats(2, 40), st.floats(0, 20), st.floats(4.5, 7.5))
def test_longer_never_makes_a_run_less_long(km: float, more: float, pace: float) -> None:
    short, longer = (judged(row(43, d, d * pace)) for d in (km, km + more))
    assert long(longer) >= long(short) - 1e-9


@settings(max_examples=15, deadline=None)
@given(st.floats(2, 30), st.floats(4, 8), st.integers(110, 185))
def test_without_heart_rate_nobody_is_surer_than_the_tier_allows(km: float, pace: float, bpm: int) -> None:
    cap = classifier_knowledge().calibration["hard"][Tier.SUMMARY].cap
    both = (judged(row(43, km, km * pace, bpm=one)).facets[Facet.INTENSITY] for one in (bpm, None))
    assert all(label.confidence <= cap + 1e-9 for label in both)


@settings(max_examples=25, deadline=None)
@given(st.floats(3, 32), st.floats(4, 8), st.integers(110, 185), st.floats(0, 40))
def test_the_unit_that_a_log_was_kept_in_flips_no_confident_label(
    km: float, pace: float, bpm: int, climb: float
) -> None:
    whole = row(43, km, km * pace, bpm=bpm, climb_per_km=climb)
    assert whole.distance_m
    assert whole.climb.ascent_m is not None
    miles, feet = round(whole.distance_m / 1609.344, 2), round(whole.climb.ascent_m / 0.3048)
    there = row(43, miles * 1.609344, km * pace, bpm=bpm, climb_per_km=feet * 0.3048 / (miles * 1.609344))
    first, second = judged(whole), judged(there)
    for facet in (Facet.INTENSITY, Facet.LONG, Facet.HILLS):
        if first.facets[facet].confidence >= 0.6:
            assert yes(first, facet) == yes(second, facet)


def yes(labels: Labels, facet: Facet) -> bool:
    value = labels.facets[facet].value
    return value in HARD or value in HILLY or value == "yes"


NAMES = {Facet.INTENSITY: Kind.TEMPO, Facet.LONG: Kind.LONG, Facet.HILLS: Kind.HILLS}


def in_order(labels: Labels) -> list[Facet]:
    """Of effort, length and hills the surest names the run; a race whatever its length and its hills."""
    sure = {Facet.INTENSITY: hard(labels), Facet.LONG: long(labels), Facet.HILLS: hilly(labels)}
    if hard(labels) >= 0.5 and raced(labels.facets):
        return list(sure)
    return sorted(sure, key=lambda facet: -sure[facet])


@settings(max_examples=30, deadline=None)
@given(st.floats(3, 32), st.floats(4, 8), st.integers(110, 185), st.floats(0, 40))
def test_the_primary_kind_never_contradicts_its_facets(km: float, pace: float, bpm: int, climb: float) -> None:
    labels = judged(row(43, km, km * pace, bpm=bpm, climb_per_km=climb))
    names = [facet for facet in in_order(labels) if labels.facets[facet].names]
    first = next((NAMES[facet] for facet in names if yes(labels, facet)), Kind.EASY)
    assert labels.primary in (first, None)


@settings(max_examples=30, deadline=None)
@given(st.floats(3, 32), st.floats(4, 8), st.integers(110, 185), st.floats(0, 40))
def test_the_primary_kind_is_no_surer_than_the_least_sure_verdict_it_rests_on(
    km: float, pace: float, bpm: int, climb: float
) -> None:
    labels = judged(row(43, km, km * pace, bpm=bpm, climb_per_km=climb))
    rests_on: list[float] = []
    for facet in (one for one in in_order(labels) if labels.facets[one].names):
        rests_on.append(labels.facets[facet].confidence)
        if yes(labels, facet):
            break
    known = classifier_knowledge()
    how = known.calibration["primary"][Tier.SUMMARY]
    each = namers(labels.facets)
    best = next((NAMES[facet] for facet in in_order(labels) if each[NAMES[facet]] >= 0.5), Kind.EASY)
    assert labels.primary_confidence == pytest.approx(min(*rests_on, how.cap, rivals(each, how, known.naming)[best]))
    assert (labels.primary is None) == (min(rests_on) < known.decide["abstain_primary"])


@settings(max_examples=30, deadline=None)
@given(st.floats(3, 32), st.floats(4, 8), st.integers(110, 185), st.floats(0, 40))
def test_no_number_is_given_as_two_reasons(km: float, pace: float, bpm: int, climb: float) -> None:
    labels = judged(row(43, km, km * pace, bpm=bpm, climb_per_km=climb))
    for label in labels.facets.values():
        named = [evidence.rule.rsplit("_", 1)[0] for evidence in label.evidence]
        told = [next((family for family in SAME_NUMBER if name in family), name) for name in named]
        assert len(told) == len(set(told))


@pytest.mark.parametrize(
    ("terms", "told"),
    [
        ({"climb": 1.5, "climb_vs_usual": 0.5}, {"climb_vs_usual_up": 2.0}),
        ({"climb": 1.5, "climb_vs_usual": -0.5}, {"climb_up": 1.0}),
        ({"climb": 0.1, "climb_vs_usual": -0.1}, {}),
        ({"minutes": 0.6, "weekend": 0.3}, {"minutes_up": 0.6, "weekend_up": 0.3}),
    ],
)
def test_terms_of_one_number_are_summed(terms: dict[str, float], told: dict[str, float]) -> None:
    given_each = {name: Input(1.0) for name in terms}
    assert {one.rule: one.weight for one in reasons(terms, given_each, ())} == told


@pytest.mark.parametrize(("ground", "kind"), [("mixed", Kind.EASY), ("road", Kind.EASY), ("gravel", Kind.SURFACE)])
def test_ground_that_is_half_paved_or_more_names_no_run(ground: str, kind: Kind) -> None:
    labels = judge_after(season(6)).label(row(43, 8, 47, bpm=139))
    assert corrected(labels, {Facet.SURFACE: ground}).primary is kind


@pytest.mark.parametrize("kind", list(Kind))
def test_the_runners_word_makes_the_primary_kind(kind: Kind) -> None:
    labels = judge_after(season(6)).label(row(43, 9, 45, bpm=157, climb_per_km=25, sub_sport="trail"))
    said = corrected(labels, facets_of(kind, labels))
    assert (said.primary, said.possible, said.asks) == (kind, frozenset({kind}), False)
    assert {facet for facet, label in said.facets.items() if label.corrected} == set(facets_of(kind, labels))


def test_titles_and_watch_labels_can_be_switched_off() -> None:
    run = replace(row(43, 8, 47, bpm=139), title_words=("intervals",), provider_label="VO2MAX", workout_type="race")
    plain = replace(row(43, 8, 47, bpm=139))
    off = judged(run, use_titles=False, use_provider_labels=False)
    assert off == judged(plain, use_titles=False, use_provider_labels=False)
    assert hard(judged(run)) > 0.8 > 0.3 > hard(off)


def test_a_newcomer_gets_wide_confidence() -> None:
    first = Judge().label(row(0, 8, 44, bpm=150))
    assert 0.5 <= first.facets[Facet.INTENSITY].confidence < 0.9
    assert first.facets[Facet.HILLS].value is None


@pytest.mark.parametrize(
    ("units", "said"),
    [
        ("km", {"threshold": "4:45 /km", "climb_per_km": "12 m/km", "usual": "6 m/km", "runs": 20}),
        ("mi", {"threshold": "7:38 /mi", "climb_per_km": "63 ft/mi", "usual": "32 ft/mi", "runs": 20}),
    ],
)
def test_reasons_are_kept_without_units_and_said_in_the_runners_own(
    units: Literal["km", "mi"], said: dict[str, Any]
) -> None:
    kept = {"threshold_mps": 3.513, "climb_m_per_km": 12.0, "usual_m_per_km": 6.0, "runs": 20}
    assert in_units(kept, units) == said
