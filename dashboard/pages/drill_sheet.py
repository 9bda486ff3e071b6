"""A sheet for the mirror: the drills of today and of the last two weeks, each with its picture, on one A4 page."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from markupsafe import Markup

from dashboard.context import PageContext
from dashboard.drawings import files as drawings
from dashboard.markup import NOTHING, concat, tag
from dashboard.parts.st_html import html
from sync.wire.footwork import DrillView, PrescriptionView

DAYS = 14
MOST = 12
"""What one page holds: four rows of three."""


def page(context: PageContext) -> None:
    today = context.ask(context.client.today)
    calendar = context.ask(lambda: context.client.calendar(today.day - timedelta(days=DAYS), today.day))
    earlier = [work for day in reversed(calendar.days) for work in day.work]
    render(context, [*today.work, *([today.before_next] if today.before_next else []), *earlier])


def render(context: PageContext, works: Iterable[PrescriptionView]) -> None:
    words = context.words
    html(tag("p", words.say("sheet.how"), "ss-quiet ss-noprint"))
    html(tag("h1", words.say("sheet.title", name=context.athlete.name), "ss-page"))
    found = drills_of(works)
    if not found:
        html(tag("p", words.say("sheet.none"), "ss-says"))
        return
    html(tag("div", concat(_cell(drill) for drill in found), "ss-sheet"))
    html(tag("p", words.say("sheet.stop"), "ss-note"))


def drills_of(works: Iterable[PrescriptionView]) -> list[DrillView]:
    """Each drill once, as it was given last; the newest first, no more than fit on the page."""
    found: dict[str, DrillView] = {}
    for work in works:
        for drill in work.drills:
            found.setdefault(drill.drill, drill)
    return list(found.values())[:MOST]


def _cell(drill: DrillView) -> Markup:
    picture = tag("div", drawings.still(drill.drill), "ss-sheet-picture")
    name = tag("h2", drill.name) + tag("p", drill.dose, "ss-dose")
    cue = tag("p", drill.cue, "ss-cue") if drill.cue else NOTHING
    return tag("section", picture + name + tag("p", drill.how) + cue, "ss-sheet-cell")
