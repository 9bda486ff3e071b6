"""OpenStreetMap extracts of made-up ways about a point in the middle of the ocean, written by pyosmium itself."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import osmium

CENTRE = (10.0, -40.0)
"""In the middle of the Atlantic: nobody lives there."""
METRE_DEG = 1 / 111_195.0

Ring = Sequence[tuple[float, float]]
"""Corners; the last one is the first."""


def place(east_m: float, north_m: float) -> tuple[float, float]:
    """Longitude and latitude."""
    latitude = CENTRE[0] + north_m * METRE_DEG
    return CENTRE[1] + east_m * METRE_DEG / math.cos(math.radians(CENTRE[0])), latitude


@dataclass
class MadeMap:
    """Ways and grounds by their corners in metres east and north of the centre."""

    ways: list[tuple[Ring, Mapping[str, str]]] = field(default_factory=list)
    grounds: list[tuple[Sequence[tuple[int, str]], Mapping[str, str]]] = field(default_factory=list)

    def way(self, *corners: tuple[float, float], **tags: str) -> MadeMap:
        self.ways.append((corners, tags))
        return self

    def ground(self, outer: Ring, *holes: Ring, **tags: str) -> MadeMap:
        """Open ground as a relation: its rings are ways without tags of their own."""
        members: list[tuple[int, str]] = []
        for ring, role in ((outer, "outer"), *((hole, "inner") for hole in holes)):
            self.way(*ring)
            members.append((len(self.ways), role))
        self.grounds.append((members, {"type": "multipolygon", **tags}))
        return self

    def write(self, path: Path) -> Path:
        """All nodes first, then the ways, as real extracts have them; a ring's last corner is its first node."""
        nodes: dict[tuple[float, float], int] = {}
        with osmium.SimpleWriter(str(path), overwrite=True) as writer:
            for corners, _ in self.ways:
                for corner in corners:
                    if corner not in nodes:
                        nodes[corner] = len(nodes) + 1
                        made = osmium.osm.mutable.Node(id=nodes[corner], location=place(*corner), version=1)
                        writer.add_node(made)
            for number, (corners, tags) in enumerate(self.ways, start=1):
                refs = [nodes[corner] for corner in corners]
                writer.add_way(osmium.osm.mutable.Way(id=number, nodes=refs, tags=tags, version=1))
            for number, (members, tags) in enumerate(self.grounds, start=1):
                made_of = [("w", way, role) for way, role in members]
                writer.add_relation(osmium.osm.mutable.Relation(id=number, members=made_of, tags=tags, version=1))
        return path
