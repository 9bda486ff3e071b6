"""A map of both soles; a tap names the side and the place at once."""

from __future__ import annotations

from markupsafe import Markup

from dashboard.format import Words
from dashboard.markup import concat, tag

# The right sole seen from below, in a box of 100 × 220; the left one is its mirror image.
SHAPES: dict[str, Markup] = {
    "toes": Markup(
        '<ellipse cx="47" cy="22" rx="9" ry="13"/>'
        '<ellipse cx="63" cy="28" rx="8" ry="11"/>'
        '<ellipse cx="76" cy="38" rx="7" ry="10"/>'
        '<ellipse cx="87" cy="51" rx="6.5" ry="9"/>'
        '<path d="M14 36c-1-16 5-24 12-24s12 8 10 22c-1 7-4 11-9 12-7 1-12-3-13-10z"/>'
    ),
    "big-toe-joint": Markup('<path d="M10 54c8-6 22-8 29-4 5 9 5 22-1 31-9 5-22 4-28-1-4-9-4-18 0-26z"/>'),
    "ball": Markup('<path d="M43 47c16-5 36 4 46 19 3 9 1 18-3 24-13 4-30 2-42-6 5-11 5-26-1-37z"/>'),
    "plantar-fascia": Markup('<path d="M14 86c20 5 48 11 70 9-2 22-9 40-13 58-13-3-29-3-41 1-2-25-13-45-16-68z"/>'),
    "heel": Markup('<path d="M31 159c12-4 27-4 39-1 5 14 5 30-2 39-7 9-27 10-34 1-7-9-8-26-3-39z"/>'),
}


def svg(words: Words, side: str | None, place: str | None) -> Markup:
    feet = concat(_foot(words, which, side, place) for which in ("left", "right"))
    return Markup(
        '<svg class="ss-feet" viewBox="0 0 240 228" role="group" aria-label="{}" '
        'xmlns="http://www.w3.org/2000/svg">{}</svg>'
    ).format(words.say("log.map"), feet)


def _foot(words: Words, which: str, side: str | None, place: str | None) -> Markup:
    turn = "translate(110 4) scale(-1 1)" if which == "left" else "translate(130 4)"
    parts = []
    for name, shapes in SHAPES.items():
        chosen = place == name and side in (which, "both", None)
        label = f"{words.name('side', which)}: {words.name('place', name)}"
        parts.append(
            tag(
                "g",
                tag("title", label) + shapes,
                "part chosen" if chosen else "part",
                data_pick=f"{which}:{name}",
                role="button",
                tabindex="0",
                aria_pressed=str(chosen).lower(),
                aria_label=label,
            )
        )
    x = 60 if which == "left" else 180
    name = Markup('<text x="{}" y="224" text-anchor="middle">{}</text>').format(x, words.name("side", which))
    return tag("g", concat(parts), transform=turn) + name
