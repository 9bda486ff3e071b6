"""The one reason that a run's line names."""

from __future__ import annotations

import pytest

from rules.classify.reasons import strongest
from rules.facts.kinds import Facet, Kind, Tier
from rules.facts.labels import Evidence, FacetLabel, Labels
from rules.text import load_language
from sync.service.queries.label_views import more_says

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


def facets(intensity: str, long: str, hills: str) -> dict[Facet, FacetLabel]:
    told = {Facet.INTENSITY: intensity, Facet.LONG: long, Facet.HILLS: hills}
    reasons = (Evidence("speed_rank_up", 1.0, {"percent": 90}), Evidence("surface_no_gps", 0.5))
    return {facet: FacetLabel(facet, value, 0.9, {value: 0.9}, reasons) for facet, value in told.items()}


@pytest.mark.parametrize(
    ("primary", "held", "says"),
    [
        (Kind.LONG, ("tempo", "yes", "hills"), "It was hard and hilly too."),
        (Kind.TEMPO, ("race", "yes", "flat"), "It was long too."),
        (Kind.EASY, ("easy", "no", "hill_repeats"), "It was hilly too."),
        (Kind.HILLS, ("tempo", "yes", "downhill"), "It was hard and long too."),
        (Kind.TEMPO, ("tempo", "no", "rolling"), "There is no GPS trace, as indoors."),
        (None, ("tempo", "yes", "hills"), ""),
    ],
)
def test_the_second_sentence_says_what_else_the_run_was(
    primary: Kind | None, held: tuple[str, str, str], says: str
) -> None:
    judged = Labels(primary, 0.9, frozenset(), facets(*held), Tier.FULL, "rules")
    assert more_says(judged, load_language("en")) == says
