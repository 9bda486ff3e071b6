"""Labels to what the store keeps of them, and back."""

from __future__ import annotations

from typing import Any

from rules.facts.kinds import Facet
from rules.facts.labels import Labels
from sync.storage.rows.arrived import RunRow
from sync.storage.serialize.recordings import plain, restore


def facets_to_facts(labels: Labels) -> dict[str, Any]:
    """Each facet's name is its key and is not kept twice; that it may name the run goes without saying."""
    return {
        facet.value: {
            name: value for name, value in plain(label).items() if name != "facet" and (name != "names" or not value)
        }
        for facet, label in labels.facets.items()
    }


def labels_of(row: RunRow) -> Labels | None:
    """The labels of a run; None while it was not judged yet, or its details had to go."""
    if row.facets is None or row.tier is None or row.removed:
        return None
    facts = {
        "primary": row.primary_kind or None,
        "primary_confidence": row.primary_confidence or 0.0,
        "possible": row.possible or (),
        "facets": {facet: {**row.facets[facet], "facet": facet} for facet in Facet if facet in row.facets},
        "tier": row.tier,
        "rules_version": row.rules_version or "",
        "asks": bool(row.asks),
    }
    return restore(Labels, facts)
