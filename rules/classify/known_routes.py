"""Known routes and tracks of one runner: what the ground was there when it was known."""

from __future__ import annotations

from collections.abc import Mapping

from rules.facts.kinds import SOFT, Surface
from rules.facts.labels import Evidence
from rules.measure.features import RunFeatures
from rules.measure.surface import SurfaceFacts, rung, same_route

SAME = 0.6
"""Share of common 250-m cells from which two runs took the same route."""
MOST_ROUTES = 400
SURE_ENOUGH = 0.85

SHORT_S = 300.0
HILL_M = 20.0


def has_trace(run: RunFeatures) -> bool | None:
    """Whether there is a GPS trace; None where its absence tells nothing of the ground.

    A recording of a few seconds had no time for it, and no treadmill climbs a hill: then the trace was left out.
    """
    if run.has_gps is False and (run.elapsed_s < SHORT_S or (run.climb.ascent_m or 0.0) >= HILL_M):
        return None
    return run.has_gps


class KnownRoutes:
    def __init__(self) -> None:
        self._routes: list[tuple[tuple[int, ...], str, float]] = []
        self._tracks: dict[int, int] = {}

    def surface(self, run: RunFeatures, *, use_titles: bool) -> tuple[dict[str, float], tuple[Evidence, ...]]:
        """Probabilities over the surfaces and why."""
        known, runs = self._known(run.route)
        return rung(
            SurfaceFacts(
                sub_sport=run.sub_sport,
                title=run.title_surfaces,
                gear=run.gear_surfaces,
                track_share=run.shape.track_share,
                track_laps=run.shape.track_laps,
                has_gps=has_trace(run),
                dirt_share=run.dirt_share,
                underfoot=run.underfoot,
                known=known,
                route_runs=runs,
                at_known_track=run.shape.track_cell is not None and run.shape.track_cell in self._tracks,
            ),
            use_titles=use_titles,
        )

    def _known(self, route: tuple[int, ...]) -> tuple[Mapping[str, float] | None, int]:
        if not route:
            return None, 0
        votes: dict[str, float] = {}
        runs = 0
        for other, name, weight in self._routes:
            if same_route(route, other) >= SAME:
                votes[name] = votes.get(name, 0.0) + weight
                runs += 1
        total = sum(votes.values())
        return ({name: weight / total for name, weight in votes.items()}, runs) if total else (None, 0)

    def learn(self, run: RunFeatures, said: str | None, shares: Mapping[str, float]) -> None:
        """Keeps the ground of this route when the runner said it or the evidence was nearly certain."""
        best = max(shares, key=lambda name: shares[name])
        if said is not None and said != Surface.UNKNOWN and run.route:
            self._routes.append((run.route, said, 3.0))
        elif shares[best] >= SURE_ENOUGH and best in SOFT and run.route:
            self._routes.append((run.route, best, 1.0))
        del self._routes[:-MOST_ROUTES]
        # A shape that proved itself by itself would know every park after its second lap.
        sure = said is None and best == Surface.TRACK and shares[best] >= SURE_ENOUGH
        if run.shape.track_cell is not None and (said == Surface.TRACK or sure):
            self._tracks[run.shape.track_cell] = self._tracks.get(run.shape.track_cell, 0) + 1
