"""A map of both feet, drawn as the drills are: from below, above and the inner side. A tap names side and place."""

from __future__ import annotations

from functools import cache

from markupsafe import Markup

from dashboard.drawings.foot_map import VIEWS as VIEWS
from dashboard.drawings.foot_map import FootView, view_of
from dashboard.format import Words
from dashboard.markup import concat, tag

_view = cache(view_of)
LABEL = 7
"""Room for a foot's name below it."""


def svg(words: Words, side: str | None, place: str | None, view: str = "sole") -> Markup:
    """Beside each other from above and below; one above the other from the inner side, where a foot is long."""
    seen = _view(view)
    stacked = view == "inner"
    high = seen.height + LABEL
    width, height = (seen.width, 2 * high) if stacked else (2 * seen.width + 4, high)
    feet = concat(
        _foot(words, which, side, place, seen, (0.0, n * high) if stacked else (n * (seen.width + 4), 0.0), view)
        for n, which in enumerate(("left", "right"))
    )
    return Markup(
        '<svg class="ss-feet" viewBox="0 0 {} {}" role="group" aria-label="{}" '
        'xmlns="http://www.w3.org/2000/svg">{}</svg>'
    ).format(f"{width:g}", f"{height:g}", words.say("log.map"), feet)


def _foot(
    words: Words, which: str, side: str | None, place: str | None, seen: FootView, at: tuple[float, float], view: str
) -> Markup:
    mirrored = (which == "right") if view == "inner" else (which == "left")
    left, bottom = (4.0, 62.0) if view == "inner" else (24.0, 106.0)
    x = at[0] + (seen.width - left if mirrored else left)
    clip = f"ss-foot-{view}-{which}"
    parts = [
        Markup('<clipPath id="{}"><path d="{}"/></clipPath>').format(clip, seen.outline),
        *(
            _part(words, which, name, zone, clip, chosen=place == name and side in (which, "both", None))
            for name, zone in seen.zones.items()
        ),
        Markup('<path class="line" d="{}"/>').format(seen.outline),
        *(Markup('<path class="line inside" d="{}"/>').format(one) for one in seen.lines),
    ]
    flip = " scale(-1 1)" if mirrored else ""
    drawn = tag("g", concat(parts), transform=f"translate({x:g} {at[1] + bottom:g}){flip}")
    label = Markup('<text x="{}" y="{}" text-anchor="middle">{}</text>').format(
        f"{at[0] + seen.width / 2:g}", f"{at[1] + seen.height + 4:g}", words.name("side", which)
    )
    return drawn + label


def _part(words: Words, which: str, name: str, zone: str, clip: str, *, chosen: bool) -> Markup:
    """What is seen ends at the skin; what is tapped reaches beyond it."""
    label = f"{words.name('side', which)}: {words.name('place', name)}"
    shapes = Markup('<path class="skin" d="{0}" clip-path="url(#{1})"/><path class="hit" d="{0}"/>').format(zone, clip)
    return tag(
        "g",
        tag("title", label) + shapes,
        "part chosen" if chosen else "part",
        data_pick=f"{which}:{name}",
        role="button",
        tabindex="0",
        aria_pressed=str(chosen).lower(),
        aria_label=label,
    )
