"""What kind of run it was: four facets with their reasons, and the primary kind that follows from them.

``Judge`` reads one runner's runs in order of time. It labels each from what came before it only, then learns it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

from rules.classify import split
from rules.classify.history import History, climb_doubt, climb_per_km
from rules.classify.inputs import Input, inputs
from rules.classify.known_routes import KnownRoutes
from rules.classify.model import Calibration, capped, classifier_knowledge, scaled
from rules.classify.own_model import Learning, OwnModel
from rules.classify.primary_kind import ClassifySettings, climbs_beyond, decided, implied
from rules.classify.reasons import effect, learned, reasons
from rules.classify.thresholds import Mark, RunnerThresholds, mark, runner_thresholds, zone_seconds
from rules.classify.title_votes import Vote, split_words, votes
from rules.facts.kinds import HARD, HILLY, Facet, Hills, Intensity, Surface, Tier
from rules.facts.labels import Evidence, FacetLabel, Labels
from rules.measure.features import RunFeatures

RULES_VERSION = classifier_knowledge().version
MOST_EVIDENCE = 5


@dataclass(frozen=True, slots=True)
class _Verdict:
    probability: float
    shared: float
    """Calibrated log-odds without words and without what answers taught."""
    evidence: tuple[Evidence, ...]
    """Weights speak for the yes side."""
    learned: tuple[Evidence, ...]
    """What answers changed about this run, and what they taught for every run."""


@dataclass(frozen=True, slots=True)
class Look:
    """One run as it was judged, before anything is learned from it."""

    now: RunnerThresholds
    given: Mapping[str, Input]
    verdicts: Mapping[str, _Verdict]
    ground: Mapping[str, float]
    labels: Labels


QUESTIONS = ("hard", "long", "hilly")
# What only the runner's own answers may give weight to: habits that differ from runner to runner.
OWN_INPUTS = {
    "hard": (
        *("weekend", "rested", "days_since_hard", "hard_lately", "climb_vs_usual", "distance_rank", "minutes"),
        "evening",
    ),
    "long": ("rested",),
    "hilly": ("weekend",),
}
ONE_WAY = frozenset({"long", "hilly"})
"""Longer is never less long, and more climb never less hilly. But a runner's hard runs may be the slow ones."""
ABOUT = {"hard": Facet.INTENSITY, "long": Facet.LONG, "hilly": Facet.HILLS}


class Judge:
    """One runner's judge. Feed it ``RunFeatures`` in order of time."""

    def __init__(self, *, settings: ClassifySettings | None = None, birth_year: int | None = None) -> None:
        self.settings = settings or ClassifySettings()
        self.birth_year = birth_year
        self.known = self.settings.weights or classifier_knowledge()
        self.history = History()
        self._marks: list[Mark] = []
        self._places = KnownRoutes()
        self._own: dict[tuple[str, bool], OwnModel] = {}
        self._thresholds: RunnerThresholds | None = None

    @property
    def thresholds(self) -> RunnerThresholds | None:
        """Thresholds that the last run was judged by; None before the first."""
        return self._thresholds

    def label(self, run: RunFeatures, confirmed: Mapping[Facet, str] | None = None) -> Labels:
        """Labels the run from the runs before it, then learns it, with the runner's own answers where there are any."""
        seen = self.look(run)
        self.take(run, seen, confirmed or {})
        return seen.labels

    def take(self, run: RunFeatures, seen: Look, confirmed: Mapping[Facet, str]) -> None:
        """Learns a run that was looked at, with the runner's own answers where there are any."""
        self._thresholds = seen.now
        self._learn(run, seen.given, seen.verdicts, confirmed, seen.ground)

    def look(self, run: RunFeatures) -> Look:
        """The run as it would be labelled now; nothing is learned."""
        now = self.thresholds_for(run)
        given = inputs(run, self.history, now)
        cast = votes(run, self.settings, self.known)
        verdicts = {name: self._ask(name, run, given, cast[name]) for name in QUESTIONS}
        ground, ground_evidence = self._places.surface(run, use_titles=self.settings.use_titles)
        facets = {
            Facet.INTENSITY: self._intensity(run, given, now, verdicts["hard"]),
            Facet.LONG: self._yes_no(Facet.LONG, verdicts["long"]),
            Facet.HILLS: self._hills(run, given, verdicts["hilly"]),
            Facet.SURFACE: self._surface(ground, ground_evidence),
        }
        return Look(now, given, verdicts, ground, decided(facets, run.tier, self.known, self.settings))

    def zones(self, run: RunFeatures) -> tuple[float, ...]:
        """Seconds in heart-rate zones 1 to 5 by the thresholds of the runs before ``run``."""
        return zone_seconds(run, self.thresholds_for(run))

    def thresholds_for(self, run: RunFeatures) -> RunnerThresholds:
        """The runner's thresholds as of the day of ``run``, from the runs before it; what the runner set stands."""
        found = runner_thresholds(self._marks, run.day, birth_year=self.birth_year, told=run)
        told = {
            "hr_max_bpm": self.settings.hr_max_bpm,
            "lthr_bpm": self.settings.lthr_bpm,
            "threshold_mps": self.settings.threshold_mps,
        }
        for name, value in told.items():
            if value is not None:
                found = replace(found, **{name: replace(getattr(found, name), value=value, source="runner", trust=1.0)})
        return found

    def _ask(self, name: str, run: RunFeatures, given: Mapping[str, Input], cast: tuple[Vote, ...]) -> _Verdict:
        sampled = run.tier is not Tier.SUMMARY
        question = self.known.question(name, sampled=sampled)
        own = self._model(name, sampled=sampled)
        added = own.terms(given)
        common = question.terms(given)
        terms = {key: common.get(key, 0.0) + added.get(key, 0.0) for key in {**common, **added}}
        how = self.known.calibration[name].get(run.tier.value, Calibration())
        shared = scaled(question.bias + sum(common.values()), how)
        # Words are calibrated by their own reliability, and so are answers: both join the score brought to scale.
        spoken = sum(vote.weight for vote in cast)
        p = capped(shared + own.score(given) + spoken, how)
        told = (effect(name, capped(shared + spoken, how), p), learned(own))
        taught = tuple(one for one in told if one is not None)
        return _Verdict(p, shared, reasons(terms, given, cast), taught)

    def _model(self, name: str, *, sampled: bool) -> OwnModel:
        key = (name, sampled)
        if key not in self._own:
            question = self.known.question(name, sampled=sampled)
            told = {**self.known.runner, **self.known.held[name]}
            how = {part.name: told[part.name] for part in fields(Learning)}
            names = tuple(dict.fromkeys((*question.weights, *OWN_INPUTS[name])))
            # Slopes differ by what a label can be trusted with, and that is the same on every recording.
            scale = self.known.calibration[name][(Tier.FULL if sampled else Tier.SUMMARY).value].slope
            self._own[key] = OwnModel(
                Learning(**how), names, question.weights, question.bias, scale, keeps_signs=name in ONE_WAY
            )
        return self._own[key]

    def _intensity(
        self, run: RunFeatures, given: Mapping[str, Input], now: RunnerThresholds, hard: _Verdict
    ) -> FacetLabel:
        found = split.signals(run, given, now)
        shares = split.shares(hard.probability, found, split_words(run, self.settings), self.known.split)
        side = HARD if hard.probability >= 0.5 else frozenset(Intensity) - HARD
        value = max((kind.value for kind in side), key=lambda kind: (shares[kind], kind))
        sure = max(hard.probability, 1 - hard.probability)
        evidence = self._towards(hard, yes=hard.probability >= 0.5)
        return FacetLabel(Facet.INTENSITY, self._unless_unsure(value, sure), sure, shares, evidence)

    def _yes_no(self, facet: Facet, verdict: _Verdict) -> FacetLabel:
        yes = verdict.probability >= 0.5
        sure = max(verdict.probability, 1 - verdict.probability)
        shares = {"yes": verdict.probability, "no": 1 - verdict.probability}
        value = self._unless_unsure("yes" if yes else "no", sure)
        return FacetLabel(facet, value, sure, shares, self._towards(verdict, yes=yes))

    def _hills(self, run: RunFeatures, given: Mapping[str, Input], verdict: _Verdict) -> FacetLabel:
        per_km = climb_per_km(run)
        said = any(e.rule.startswith("title_") for e in verdict.evidence)
        if per_km is None and not said:
            flat = {kind.value: 1 / len(Hills) for kind in Hills}
            why = Evidence(f"climb_{climb_doubt(run)}", 0.0, {})
            return FacetLabel(Facet.HILLS, None, 1 / len(Hills), flat, (why,))
        p = verdict.probability
        repeats = 0.75 if run.structure.climb_reps >= 4 or "hill_repeats" in run.title_words else 0.04
        fall = (run.climb.descent_m or 0) - (run.climb.ascent_m or 0)
        down = (
            0.7
            if run.climb.net_m is not None and run.climb.net_m < -150 and fall > 1.5 * (run.climb.ascent_m or 0)
            else 0.02
        )
        rest = max(1 - repeats - down, 0.05)
        whole = repeats + down + rest
        # Rolling lies between: the nearer to even odds, the more of the flat side it takes.
        rolling = min(0.9, max(0.08, ((per_km or 0) - 4) / 10))
        shares = {
            Hills.FLAT.value: (1 - p) * (1 - rolling),
            Hills.ROLLING.value: (1 - p) * rolling,
            Hills.HILLS.value: p * rest / whole,
            Hills.HILL_REPEATS.value: p * repeats / whole,
            Hills.DOWNHILL.value: p * down / whole,
        }
        side = HILLY if p >= 0.5 else frozenset(Hills) - HILLY
        value = max((kind.value for kind in side), key=lambda kind: (shares[kind], kind))
        sure = max(p, 1 - p)
        told = self._towards(verdict, yes=p >= 0.5)
        names = said or value == Hills.HILL_REPEATS or climbs_beyond(given, self.known.naming)
        return FacetLabel(Facet.HILLS, self._unless_unsure(value, sure), sure, shares, told, names=names)

    def _surface(self, shares: Mapping[str, float], evidence: tuple[Evidence, ...]) -> FacetLabel:
        value = max(shares, key=lambda name: shares[name])
        # Not to know the ground is no verdict that one could be sure of.
        sure = 0.0 if value == Surface.UNKNOWN else shares[value]
        return FacetLabel(Facet.SURFACE, value, sure, shares, evidence)

    def _unless_unsure(self, value: str, sure: float) -> str | None:
        return value if sure >= self.known.decide["abstain_facet"] else None

    @staticmethod
    def _towards(verdict: _Verdict, *, yes: bool) -> tuple[Evidence, ...]:
        """The strongest reasons, weights turned so that positive speaks for the verdict; last what answers taught."""
        strongest = sorted(verdict.evidence[:MOST_EVIDENCE], key=lambda e: -e.weight if yes else e.weight)
        told = [*strongest, *verdict.learned]
        return tuple(e if yes else Evidence(e.rule, -e.weight, e.values) for e in told)

    def _learn(
        self,
        run: RunFeatures,
        given: Mapping[str, Input],
        verdicts: Mapping[str, _Verdict],
        confirmed: Mapping[Facet, str],
        ground: Mapping[str, float],
    ) -> None:
        was = {name: verdicts[name].probability for name in QUESTIONS}
        hinted = implied(confirmed)
        for name in QUESTIONS:
            answer = confirmed.get(ABOUT[name])
            model = self._model(name, sampled=run.tier is not Tier.SUMMARY)
            if answer is not None:
                was[name] = float(says_yes(name, answer))
                model.learn(given, verdicts[name].shared, says_yes(name, answer), run.day)
            elif name in hinted:
                weight = self.known.runner["implied"]
                model.learn(given, verdicts[name].shared, hinted[name], run.day, weight)
        self.history.add(run, hard=was["hard"], long=was["long"], hilly=was["hilly"])
        self._marks.append(mark(run))
        self._places.learn(run, confirmed.get(Facet.SURFACE), ground)


def says_yes(question: str, answer: str) -> bool:
    """Whether a facet's value means yes to ``hard``, ``long`` or ``hilly``."""
    if question == "hard":
        return Intensity(answer) in HARD
    if question == "hilly":
        return Hills(answer) in HILLY
    return answer == "yes"
