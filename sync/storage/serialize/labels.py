"""Labels to what the store keeps of them, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rules.facts import Evidence, Facet, FacetLabel, Kind, Labels, Tier
from sync.storage.rows import RunRow
from sync.storage.serialize.recordings import plain


def facets_to_facts(labels: Labels) -> dict[str, Any]:
    return {
        facet.value: {
            "value": label.value,
            "confidence": label.confidence,
            "probabilities": dict(label.probabilities),
            "evidence": [{"rule": e.rule, "weight": e.weight, "values": plain(e.values)} for e in label.evidence],
            "corrected": label.corrected,
        }
        for facet, label in labels.facets.items()
    }


def labels_of(row: RunRow) -> Labels | None:
    """The labels of a run; None while it was not judged yet, or its details had to go."""
    if row.facets is None or row.tier is None or row.removed:
        return None
    return Labels(
        primary=Kind(row.primary_kind) if row.primary_kind else None,
        primary_confidence=row.primary_confidence or 0.0,
        possible=frozenset(Kind(kind) for kind in row.possible or ()),
        facets={facet: _facet(facet, row.facets[facet]) for facet in Facet if facet in row.facets},
        tier=Tier(row.tier),
        rules_version=row.rules_version or "",
        asks=bool(row.asks),
    )


def _facet(facet: Facet, facts: Mapping[str, Any]) -> FacetLabel:
    return FacetLabel(
        facet=facet,
        value=facts["value"],
        confidence=facts["confidence"],
        probabilities=facts["probabilities"],
        evidence=tuple(Evidence(e["rule"], e["weight"], e["values"]) for e in facts["evidence"]),
        corrected=facts["corrected"],
    )
