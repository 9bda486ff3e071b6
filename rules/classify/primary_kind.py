"""The primary kind that follows from the facets, and what the runner's own words mean for both."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from rules.classify.inputs import Input
from rules.classify.model import Calibration, ClassifierKnowledge, classifier_knowledge, log_odds
from rules.facts.kinds import HARD, HILLY, SOFT, Facet, Hills, Intensity, Kind, Surface, Tier
from rules.facts.labels import Evidence, FacetLabel, Labels


@dataclass(frozen=True, slots=True)
class ClassifySettings:
    """What the judge may read. ``weights`` replaces the shipped knowledge (the fit and the grade use it)."""

    use_titles: bool = True
    use_provider_labels: bool = True
    abstain_below: float | None = None
    """Confidence below which the primary kind is left open; None takes the shipped limit."""
    ask_below: float = 0.65
    hr_max_bpm: float | None = None
    lthr_bpm: float | None = None
    threshold_mps: float | None = None
    weights: ClassifierKnowledge | None = None


def implied(answered: Mapping[Facet, str]) -> dict[str, bool]:
    """What answers about one facet hint at about others, by question; how little that counts is in the TOML.

    Who calls a run easy seldom means a long or a hilly one; who calls it long, or names its hills or its ground, seldom
    means a hard one: a hint, no proof. "Hard" says nothing about length or hills.
    """
    intensity = answered.get(Facet.INTENSITY)
    if intensity is None:
        named = answered.get(Facet.LONG) == "yes" or answered.get(Facet.HILLS) in HILLY or Facet.SURFACE in answered
        return {"hard": False} if named else {}
    return {} if Intensity(intensity) in HARD else {"long": False, "hilly": False}


PRIORITY = (Kind.TEMPO, Kind.LONG, Kind.HILLS, Kind.SURFACE)
"""Which facet names the run when several hold and are equally sure: what asks most of the foot first.

Of the first three the surest decides, see ``in_order``; a run that none names is easy.
"""


def chances(facets: Mapping[Facet, FacetLabel]) -> dict[Kind, float]:
    """How likely each facet holds that can name the run; an unknown climb or ground names none."""
    hills, ground = facets[Facet.HILLS], facets[Facet.SURFACE]
    known = ground.value not in (None, Surface.UNKNOWN)
    return {
        Kind.TEMPO: _chance(facets[Facet.INTENSITY], HARD),
        Kind.LONG: _chance(facets[Facet.LONG], {"yes"}),
        Kind.HILLS: _chance(hills, HILLY) if hills.value is not None else 0.0,
        Kind.SURFACE: _chance(ground, SOFT) if known else 0.0,
    }


def climbs_beyond(given: Mapping[str, Input], naming: Mapping[str, float]) -> bool:
    """Whether a hilly run is one that its runner would call so: steep anywhere, or far beyond their own usual.

    Who runs over hills each day calls it a run; the foot climbs them all the same, so the facet holds without the name.
    """
    climb, usual = given.get("climb"), given.get("climb_above_usual")
    if climb is None or usual is None:
        return False
    down = given["descent"].values["descent_m_per_km"] if "descent" in given else 0.0
    way = max(float(climb.values["climb_m_per_km"]), float(down))
    own = max(float(usual.values["usual_m_per_km"]), naming["hills_least_usual_m_per_km"])
    return way >= min(naming["hills_steep_m_per_km"], naming["hills_times_usual"] * own)


def namers(facets: Mapping[Facet, FacetLabel]) -> dict[Kind, float]:
    """``chances`` of those facets that may name the run: a race is as long and as hilly as its course is."""
    each = chances(facets)
    silent = {Kind.LONG, Kind.HILLS} if raced(facets) else set() if facets[Facet.HILLS].names else {Kind.HILLS}
    return {kind: 0.0 if kind in silent else p for kind, p in each.items()}


def _chance(label: FacetLabel, values: Collection[str]) -> float:
    return sum(label.probabilities.get(value, 0.0) for value in values)


LEAST_CHANCE = 0.02
"""No facet is surer than this when it competes with others for the name."""
SURELY_A_RACE = 0.6
"""Of hard runs like this one: below it "race" is the likeliest of three, and no more than that."""


def raced(facets: Mapping[Facet, FacetLabel]) -> bool:
    """Whether, if it was hard, it was a race, as far as the runner named neither its length nor its hills."""
    intensity, said = facets[Facet.INTENSITY], facets[Facet.LONG].corrected or facets[Facet.HILLS].corrected
    race, hard = (_chance(intensity, values) for values in ({Intensity.RACE.value}, HARD))
    return hard >= 0.5 and race >= SURELY_A_RACE * hard and not said


def _shares(each: Mapping[Kind, float], order: Sequence[Kind]) -> dict[Kind, float]:
    """Probability of each primary kind: hard and long first, then hills, soft ground; what is left is easy."""
    left = 1.0
    shares: dict[Kind, float] = {}
    for kind in order:
        shares[kind] = left * each[kind]
        left *= 1 - each[kind]
    return {**shares, Kind.EASY: left}


def named(each: Mapping[Kind, float], order: Sequence[Kind]) -> tuple[Kind, float]:
    """The first kind that holds, as sure as the least sure of the verdicts that it rests on.

    Their product would be too low: the facets doubt the same runs, and for the same reasons (measured in
    docs/classifier.md).
    """
    sure = 1.0
    for kind in order:
        if each[kind] >= 0.5:
            return kind, min(sure, each[kind])
        sure = min(sure, 1 - each[kind])
    return Kind.EASY, sure


def in_order(each: Mapping[Kind, float], *, raced: bool) -> tuple[Kind, ...]:
    """The kinds by who names the run first.

    Of hard, long and hilly the surest does: a long run with a hard end stays a long run, and its effort is told beside
    it. A race is as long and as hilly as its course is, so it stays a race. Ground comes last: repeats on a track are
    repeats, however sure the track is.
    """
    *first, ground = PRIORITY
    return (*first, ground) if raced else (*sorted(first, key=lambda kind: -each[kind]), ground)


def rivals(each: Mapping[Kind, float], how: Calibration, naming: Mapping[str, float]) -> dict[Kind, float]:
    """How likely runners name such a run by each kind: the facets that hold compete, and easy is what is left.

    Each facet's calibrated log-odds count as ``naming`` says: a run that is surely hilly is seldom called a hill run by
    who ran it, so that its hills are certain and its name is not.
    """
    odds = {kind: math.exp(how.slope * log_odds(inside(p)) + naming[kind.value]) for kind, p in each.items()}
    whole = 1 + sum(odds.values())
    return {**{kind: part / whole for kind, part in odds.items()}, Kind.EASY: 1 / whole}


def inside(p: float) -> float:
    """A chance within what any facet can be sure of beside others."""
    return max(LEAST_CHANCE, min(1 - LEAST_CHANCE, p))


def _right(best: Kind, sure: float, each: Mapping[Kind, float], tier: Tier, known: ClassifierKnowledge) -> float:
    """How often such a name is right: never oftener than the verdicts are that it rests on."""
    if sure >= 1.0:
        return sure
    how = known.calibration["primary"].get(tier.value, Calibration())
    return min(sure, how.cap, rivals(each, how, known.naming)[best])


def decided(
    facets: Mapping[Facet, FacetLabel], tier: Tier, known: ClassifierKnowledge, settings: ClassifySettings
) -> Labels:
    """The primary kind that follows from the facets as they were decided, and every kind that is still possible."""
    each = chances(facets)
    race = raced(facets)
    shares = _shares(each, in_order(each, raced=race))
    naming = namers(facets)
    best, sure = named(naming, in_order(naming, raced=race))
    limit = settings.abstain_below if settings.abstain_below is not None else known.decide["abstain_primary"]
    # A hard run that is named by its hills may still have been the hard run that was planned.
    holds = {kind for kind, p in each.items() if p >= 0.5}
    possible = frozenset(kind for kind, p in shares.items() if p >= known.decide["possible"]) | holds | {best}
    corrected = any(label.corrected for label in facets.values())
    confidence = _right(best, sure, naming, tier, known)
    primary = best if sure >= limit or corrected else None
    return Labels(
        primary=primary,
        primary_confidence=confidence,
        possible=frozenset({best}) if corrected and sure >= 0.8 else possible,
        facets=facets,
        tier=tier,
        rules_version=known.version,
        asks=primary is None or (confidence < settings.ask_below and not corrected),
    )


def corrected(
    labels: Labels,
    corrections: Mapping[Facet, str],
    settings: ClassifySettings | None = None,
    *,
    kind: Kind | None = None,
) -> Labels:
    """What the runner said over what the judge said: their values stand, certain, and the primary kind follows.

    A ``kind`` that was said stands whatever the facets say: an easy run on a trail may be just an easy run.
    """
    if not corrections and kind is None:
        return labels
    settings = settings or ClassifySettings()
    facets = dict(labels.facets)
    for facet, value in corrections.items():
        old = facets[facet]
        shares = {name: float(name == value) for name in {**old.probabilities, value: 1.0}}
        said = Evidence("runner_said", 9.0, {})
        facets[facet] = FacetLabel(facet, value, 1.0, shares, (said, *old.evidence), corrected=True)
    followed = decided(facets, labels.tier, settings.weights or classifier_knowledge(), settings)
    if kind is None:
        return followed
    return replace(followed, primary=kind, primary_confidence=1.0, possible=frozenset({kind}), asks=False)


def taught_by(kind: Kind) -> dict[Facet, str]:
    """What "it was a <kind> run" says for certain, and no more: an easy run may be long, a tempo run hilly."""
    match kind:
        case Kind.TEMPO:
            return {Facet.INTENSITY: Intensity.TEMPO.value}
        case Kind.LONG:
            return {Facet.LONG: "yes"}
        case Kind.HILLS:
            return {Facet.HILLS: Hills.HILLS.value}
        case Kind.SURFACE:
            return {Facet.SURFACE: Surface.MIXED.value}
        case _:
            return {Facet.INTENSITY: Intensity.EASY.value}


def facets_of(kind: Kind, labels: Labels | None = None) -> dict[Facet, str]:
    """The facet answers that "it was a <kind> run" means: enough of them that the primary kind becomes ``kind``.

    Without ``labels`` only what the words say for certain (see ``taught_by``): that is what is learned from them.
    Keeps what the judge said where it already fits (intervals stay intervals when the runner says tempo). Which soft
    ground "surface" means may stay unsaid: mixed then, and the runner's word alone makes the kind.
    """
    if labels is None:
        return taught_by(kind)
    said = {facet: label.value for facet, label in labels.facets.items()}
    intensity, hills, ground = said.get(Facet.INTENSITY), said.get(Facet.HILLS), said.get(Facet.SURFACE)
    if kind is Kind.TEMPO:
        return {Facet.INTENSITY: intensity if intensity in HARD and intensity else Intensity.TEMPO.value}
    answers = {Facet.INTENSITY: intensity if intensity and intensity not in HARD else Intensity.EASY.value}
    if kind is Kind.LONG:
        return {**answers, Facet.LONG: "yes"}
    answers[Facet.LONG] = "no"
    if kind is Kind.HILLS:
        return {**answers, Facet.HILLS: hills if hills in HILLY and hills else Hills.HILLS.value}
    answers[Facet.HILLS] = hills if hills and hills not in HILLY else Hills.FLAT.value
    if kind is Kind.SURFACE:
        return {**answers, Facet.SURFACE: ground if ground in SOFT and ground else Surface.MIXED.value}
    if ground in SOFT:
        # "Easy" takes back that the ground mattered; what it was instead nobody said.
        answers[Facet.SURFACE] = Surface.UNKNOWN.value
    return answers
