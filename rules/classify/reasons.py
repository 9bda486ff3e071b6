"""The judge's terms as reasons: what tells the same number is one reason, by its most telling sentence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rules.classify.inputs import Input
from rules.classify.own_model import OwnModel
from rules.classify.title_votes import Vote
from rules.facts.kinds import Facet, Kind
from rules.facts.labels import Evidence, FacetLabel, Labels

LEAST_TERM = 0.12
STRONG = 0.15
"""A vote below this weight is no reason worth a line."""
EFFECTS = ("own_effect_hard", "own_effect_long", "own_effect_hilly")
"""What the runner's answers did to this run's verdict."""
LEARNED = ("own_answers", "own_weights", *EFFECTS)
"""What the answers taught is shown beside the run's own reasons."""
LEAST_EFFECT = 0.03
"""A probability that answers moved by less is not worth a sentence."""
DECIDES = {
    Kind.EASY: (Facet.INTENSITY,),
    Kind.TEMPO: (Facet.INTENSITY,),
    Kind.LONG: (Facet.LONG,),
    Kind.HILLS: (Facet.HILLS,),
    Kind.SURFACE: (Facet.SURFACE,),
}
"""The facets that make a kind the primary one."""
SAME_NUMBER = (
    ("climb_above_usual", "climb_vs_usual", "climb"),
    ("burst_vs_usual", "burst"),
    ("half_again", "much_shorter", "distance_vs_usual"),
    ("past_75_minutes", "short", "minutes"),
    ("much_faster", "much_slower", "speed_vs_usual"),
    ("hard_yesterday", "days_since_hard"),
)
"""Inputs made of one number, the most telling sentence first."""
_FAMILY = {name: family for family in SAME_NUMBER for name in family}


def reasons(terms: Mapping[str, float], given: Mapping[str, Input], cast: Iterable[Vote]) -> tuple[Evidence, ...]:
    """Terms (log-odds by input) and votes, strongest first."""
    found = [
        Evidence(f"{name}_{'up' if given[name].value >= 0 else 'down'}", round(weight, 2), given[name].values)
        for name, weight in _joined(terms).items()
        if abs(weight) >= LEAST_TERM
    ]
    found += [Evidence(vote.rule, vote.weight, vote.values) for vote in cast]
    return tuple(sorted(found, key=lambda one: -abs(one.weight)))


def learned(own: OwnModel) -> Evidence | None:
    """What the runner's answers so far do to every run: the balance they shift, and the weights they moved."""
    if own.last is None or not own.answers:
        return None
    values = {"answers": own.answers, "last": own.last.isoformat(), "weights": own.moved()}
    return Evidence("own_weights" if values["weights"] else "own_answers", round(float(own.added[0]), 2), values)


def effect(question: str, untold: float, told: float) -> Evidence | None:
    """How answers changed the probability of this run's question; None where they hardly did."""
    if abs(told - untold) < LEAST_EFFECT:
        return None
    values = {"without": round(100 * untold), "with": round(100 * told)}
    return Evidence(f"own_effect_{question}", round(told - untold, 2), values)


def deciding(labels: Labels) -> list[FacetLabel]:
    """The facets that made the primary kind; none while it is open."""
    facets = DECIDES[labels.primary] if labels.primary is not None else ()
    return [labels.facets[facet] for facet in facets if facet in labels.facets]


def strongest(labels: Labels) -> Evidence | None:
    """The one reason to say for the primary kind; None when none is strong enough to be said."""
    return next(iter(in_strength(labels)), None)


def in_strength(labels: Labels) -> list[Evidence]:
    """The reasons worth saying for the primary kind, strongest first."""
    votes = (one for label in deciding(labels) for one in label.evidence)
    strong = [one for one in votes if one.weight >= STRONG and one.rule not in LEARNED]
    return sorted(strong, key=lambda one: -one.weight)


def effect_on(labels: Labels) -> Evidence | None:
    """What the runner's answers changed about the facet that made the primary kind, where they did."""
    return next((one for label in deciding(labels) for one in label.evidence if one.rule in EFFECTS), None)


def _joined(terms: Mapping[str, float]) -> dict[str, float]:
    """Terms of one number summed under the first of its names that speaks for the sum."""
    joined: dict[str, float] = {}
    for name in terms:
        family = [other for other in _FAMILY.get(name, (name,)) if other in terms]
        whole = sum(terms[other] for other in family)
        teller = next((other for other in family if terms[other] * whole > 0), name)
        joined[teller] = whole
    return joined
