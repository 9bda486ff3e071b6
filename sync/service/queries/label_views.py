"""Labels in the runner's words: facet values, evidence sentences, and the one line that says kind and reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rules.classify.reasons import deciding, effect_on, in_strength, strongest
from rules.facts.kinds import HARD, HILLY, Facet, Kind, name_of
from rules.facts.labels import Evidence, FacetLabel, Labels
from rules.text import Language
from rules.units import FOOT_M, MILE_M, RunnerUnits, pace
from sync.wire.runs import EvidenceLine, FacetLine

OPEN = (None, "unknown")
"""Values that say nothing: the facet abstained, or the ground is not known."""


def evidence_line(
    evidence: Evidence, language: Language, *, units: RunnerUnits = "km", exact: bool = False
) -> EvidenceLine:
    """``exact`` gives the figure where the sentence rounds it ("about twice your usual distance")."""
    values = in_units(evidence.values, units)
    if "weights" in values:
        values["changes"] = _changes(values["weights"], language)
    key = f"exact.{evidence.rule}"
    says = language.say(key if exact and key in language else f"evidence.{evidence.rule}", **values)
    return EvidenceLine(rule=evidence.rule, weight=round(evidence.weight, 3), says=says, values=dict(evidence.values))


def _changes(weights: Mapping[str, Sequence[float]], language: Language) -> str:
    """ "climb 1.20 → 1.46; weekend 0.00 → 0.30"."""
    return "; ".join(
        language.say(
            "evidence.own_weight", name=language.say(f"input.{name}"), shared=f"{shared:.2f}", now=f"{now:.2f}"
        )
        for name, (shared, now) in weights.items()
    )


def in_units(values: Mapping[str, Any], units: RunnerUnits) -> dict[str, Any]:
    """Values by the names that sentences use: ``threshold_mps`` becomes ``threshold``, a pace with its unit."""
    said: dict[str, Any] = {}
    for name, value in values.items():
        if name.endswith("_m_per_km"):
            shown = f"{value:.0f} m/km" if units == "km" else f"{value * MILE_M / 1000 / FOOT_M:.0f} ft/mi"
            said["climb_per_km" if name.startswith("climb") else name.removesuffix("_m_per_km")] = shown
        elif name.endswith("_mps"):
            said[name.removesuffix("_mps")] = pace(value, units)
        else:
            said[name] = value
    return said


def facet_line(label: FacetLabel, language: Language, *, units: RunnerUnits = "km") -> FacetLine:
    return FacetLine(
        facet=label.facet.value,
        value=label.value,
        says=language.say(f"value.{label.facet.value}.{'unsure' if label.value in OPEN else label.value}"),
        confidence=round(label.confidence, 3),
        probabilities={value: round(share, 3) for value, share in label.probabilities.items()},
        evidence=[evidence_line(one, language, units=units, exact=True) for one in label.evidence],
        corrected=label.corrected,
    )


def run_says(labels: Labels | None, language: Language, *, removed: bool = False, units: RunnerUnits = "km") -> str:
    """The kind and its strongest reason in one line."""
    if removed:
        return language.say("answer.removed")
    because = because_says(labels, language, units=units).rstrip(".")
    if not because:
        return language.say("answer.run_line_bare", kind=named_kind(labels, language))
    return language.say("answer.run_line", kind=named_kind(labels, language), because=because)


def because_says(labels: Labels | None, language: Language, *, units: RunnerUnits = "km") -> str:
    """The strongest reason for the kind, or whose word it is; empty without one."""
    if labels is None or labels.primary is None:
        return language.say("answer.unsure")
    if any(label.corrected for label in deciding(labels)):
        return language.say("answer.corrected")
    reason = strongest(labels)
    return "" if reason is None else evidence_line(reason, language, units=units).says


def more_says(labels: Labels | None, language: Language, *, units: RunnerUnits = "km") -> str:
    """What ``run_says`` leaves out: what else the run was, or the second reason; then what answers changed about it."""
    if labels is None or any(label.corrected for label in deciding(labels)):
        return ""
    also = also_says(labels, language)
    second = [] if also else in_strength(labels)[1:2]
    said = [evidence_line(one, language, units=units).says for one in (*second, effect_on(labels)) if one is not None]
    return " ".join([also, *said] if also else said)


def also_says(labels: Labels, language: Language) -> str:
    """That it was hard, long or hilly too, where another facet named it; empty where nothing else holds."""
    holds = {
        "hard": (Kind.TEMPO, facet_value(labels, Facet.INTENSITY) in HARD),
        "long": (Kind.LONG, is_long(labels) is True),
        "hills": (Kind.HILLS, facet_value(labels, Facet.HILLS) in HILLY),
    }
    others = [name for name, (kind, held) in holds.items() if held and kind is not labels.primary]
    return language.say(f"answer.also_{'_'.join(others)}") if others and labels.primary is not None else ""


def named_kind(labels: Labels | None, language: Language) -> str:
    primary = labels.primary.value if labels is not None and labels.primary is not None else None
    intensity, surface = facet_value(labels, Facet.INTENSITY), facet_value(labels, Facet.SURFACE)
    return language.say(f"kind.{name_of(primary, intensity, surface)}")


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


def evidence_by_facet(
    labels: Labels | None, language: Language, *, units: RunnerUnits = "km"
) -> dict[str, list[EvidenceLine]]:
    facets: Mapping[Facet, FacetLabel] = labels.facets if labels is not None else {}
    return {
        facet.value: [evidence_line(one, language, units=units, exact=True) for one in label.evidence]
        for facet, label in facets.items()
    }


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
