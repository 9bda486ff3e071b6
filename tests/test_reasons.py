"""The one reason that a run's line names."""

from __future__ import annotations

import pytest

from rules.classify.reasons import strongest
from rules.facts.kinds import Facet, Kind, Tier
from rules.facts.labels import Evidence, FacetLabel, Labels

WEAK, FAIR, BEST = Evidence("weak", 0.14), Evidence("fair", 0.15), Evidence("best", 0.9)
LEARNED, AGAINST = Evidence("own_answers", 2.0), Evidence("against", -3.0)


def labels(primary: Kind | None, **reasons: tuple[Evidence, ...]) -> Labels:
    facets = {Facet(name): FacetLabel(Facet(name), "x", 0.9, {}, told) for name, told in reasons.items()}
    return Labels(primary, 0.9, frozenset(), facets, Tier.FULL, "rules")


@pytest.mark.parametrize(
    ("judged", "reason"),
    [
        (labels(Kind.TEMPO, intensity=(FAIR, BEST)), BEST),
        (labels(Kind.TEMPO, intensity=(FAIR,), long=(BEST,)), FAIR),
        (labels(Kind.LONG, intensity=(BEST,), long=(FAIR,)), FAIR),
        (labels(Kind.EASY, intensity=(WEAK,)), None),
        (labels(Kind.EASY, intensity=(LEARNED, AGAINST, FAIR)), FAIR),
        (labels(None, intensity=(BEST,)), None),
    ],
    ids=[
        "the strongest",
        "of the facet that made the kind",
        "a long run by its length",
        "too weak",
        "neither what was learned nor what speaks against it",
        "no kind",
    ],
)
def test_the_strongest_reason(judged: Labels, reason: Evidence | None) -> None:
    assert strongest(judged) == reason
