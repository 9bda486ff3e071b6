"""The same runs with less to see: as summary rows, without heart rate, with the type hidden."""

from __future__ import annotations

from dataclasses import replace

from bench.labelled import Athlete, Labelled
from rules.facts.kinds import Tier
from rules.measure.features import Pace, RunFeatures
from rules.measure.heart_rate import Pulse
from rules.measure.segments import Structure
from rules.measure.surface import Shape


def summary_row(run: RunFeatures) -> RunFeatures:
    """Distance, duration, mean heart rate, climb and date: what a training log keeps."""
    mean = run.pulse.mean_bpm
    return replace(
        run,
        tier=Tier.SUMMARY,
        pace=Pace(),
        structure=Structure(),
        segments=(),
        pulse=Pulse(mean_bpm=mean, quality=0.7 if mean else 0.0),
        shape=Shape(),
        route=(),
        has_gps=None,
        climb=replace(run.climb, steep_share=None, net_m=None),
    )


def without_heart_rate(run: RunFeatures) -> RunFeatures:
    tier = Tier.NO_HEART_RATE if run.tier is Tier.FULL else run.tier
    return replace(run, tier=tier, pulse=Pulse(), hr_zone_s=())


def only_summary(athlete: Athlete) -> Athlete:
    runs = [replace(one, run=summary_row(one.run)) for one in athlete.runs]
    return Athlete(athlete.name.removesuffix("-files") + "-rows", runs)


def hidden_type(one: Labelled) -> Labelled:
    """Without sub-sport, title and shoe: only the trace may say what the ground was."""
    return replace(one, run=replace(one.run, sub_sport=None, title_surfaces=(), gear_surfaces=()))
