"""Labels in the runner's words: facet values, evidence sentences, and the one line that says kind and reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rules.facts import Evidence, Facet, FacetLabel, Kind, Labels
from rules.language import Language
from sync.wire import EvidenceLine, FacetLine

STRONG = 0.15
"""A vote below this weight is no reason worth a line."""

DECIDES = {
    Kind.EASY: (Facet.INTENSITY,),
    Kind.TEMPO: (Facet.INTENSITY,),
    Kind.LONG: (Facet.LONG,),
    Kind.HILLS: (Facet.HILLS,),
    Kind.SURFACE: (Facet.SURFACE,),
}


def evidence_line(evidence: Evidence, language: Language) -> EvidenceLine:
    says = language.say(f"evidence.{evidence.rule}", **evidence.values)
    return EvidenceLine(rule=evidence.rule, weight=round(evidence.weight, 3), says=says, values=dict(evidence.values))


def facet_line(label: FacetLabel, language: Language) -> FacetLine:
    return FacetLine(
        facet=label.facet.value,
        value=label.value,
        says=language.say(f"value.{label.facet.value}.{label.value or 'unsure'}"),
        confidence=round(label.confidence, 3),
        probabilities={value: round(share, 3) for value, share in label.probabilities.items()},
        evidence=[evidence_line(evidence, language) for evidence in label.evidence],
        corrected=label.corrected,
    )


def run_says(labels: Labels | None, language: Language, *, removed: bool = False) -> str:
    """The kind and its strongest reason in one line."""
    if removed:
        return language.say("answer.removed")
    if labels is None or labels.primary is None:
        return _line("unsure", language.say("answer.unsure"), language)
    deciding = [labels.facets[facet] for facet in DECIDES[labels.primary] if facet in labels.facets]
    if any(label.corrected for label in deciding):
        return _line(labels.primary.value, language.say("answer.corrected"), language)
    votes = sorted(
        (evidence for label in deciding for evidence in label.evidence if evidence.weight >= STRONG),
        key=lambda evidence: -evidence.weight,
    )
    if not votes:
        return language.say("answer.run_line_bare", kind=language.say(f"kind.{labels.primary.value}"))
    return _line(labels.primary.value, evidence_line(votes[0], language).says.rstrip("."), language)


def _line(kind: str, because: str, language: Language) -> str:
    return language.say("answer.run_line", kind=language.say(f"kind.{kind}"), because=because)


def confidences(labels: Labels | None) -> dict[str, float]:
    if labels is None:
        return {}
    by_facet = {facet.value: round(label.confidence, 3) for facet, label in labels.facets.items()}
    return {"primary": round(labels.primary_confidence, 3), **by_facet}


def facet_value(labels: Labels | None, facet: Facet) -> str | None:
    if labels is None or facet not in labels.facets:
        return None
    return labels.facets[facet].value


def surface_shares(labels: Labels | None) -> dict[str, float] | None:
    """Share of the way by ground, the largest first; None without a map."""
    evidence = labels.facets[Facet.SURFACE].evidence if labels is not None and Facet.SURFACE in labels.facets else ()
    found: Mapping[str, float] | None = next((one.values["shares"] for one in evidence if "shares" in one.values), None)
    return None if found is None else dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))


def is_long(labels: Labels | None) -> bool | None:
    return {"yes": True, "no": False}.get(facet_value(labels, Facet.LONG) or "")


def evidence_by_facet(labels: Labels | None, language: Language) -> dict[str, list[EvidenceLine]]:
    facets: Mapping[Facet, FacetLabel] = labels.facets if labels is not None else {}
    return {facet.value: [evidence_line(e, language) for e in label.evidence] for facet, label in facets.items()}


def jsonable(value: Any) -> Any:
    """Plain values for the wire: sets become sorted lists, numbers lose their noise digits."""
    match value:
        case float():
            return round(value, 6)
        case Mapping():
            return {str(key): jsonable(item) for key, item in value.items()}
        case set() | frozenset():
            return sorted(jsonable(item) for item in value)
        case list() | tuple():
            return [jsonable(item) for item in value]
    return value
