"""Small pieces of HTML, made here once and used on every page. `Markup` is HTML that is safe to show; any other text
is escaped when it becomes part of one, so that unsafe text and safe HTML cannot be taken for each other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from markupsafe import Markup, escape

from dashboard.drawings import files as drawings
from dashboard.format import Words
from sync.wire.footwork import DrillView, ReasonView
from sync.wire.runs import RunLine

KINDS = ("easy", "tempo", "long", "hills", "surface")
NOTHING = Markup("")
DOCTYPE = Markup("<!doctype html>")


def concat(parts: Iterable[str]) -> Markup:
    """One piece of HTML from many; what is no `Markup` is escaped."""
    return NOTHING.join(parts)


def tag(name: str, inside: str, /, cls: str = "", **attributes: str) -> Markup:
    """An element around ``inside``; attributes without a value are left out."""
    given = {"class": cls, **{key.replace("_", "-"): value for key, value in attributes.items()}}
    written = concat(Markup(' {}="{}"').format(key, value) for key, value in given.items() if value)
    return Markup("<{0}{1}>{2}</{0}>").format(name, written, inside)


def chip(word: str, kind: str | None) -> Markup:
    """A word with its kind's mark before it: shape and word say what the colour says."""
    return tag("span", Markup('<i aria-hidden="true"></i>') + word, f"ss-chip ss-{kind or 'unknown'}")


def kind_chip(words: Words, kind: str | None) -> Markup:
    return chip(words.name("kind", kind) if kind else words.say("run.unsure"), kind)


def run_chip(words: Words, run: RunLine) -> Markup:
    """The kind by the one name it has on every page."""
    return chip(kind_of(words, run), run.primary)


def kind_of(words: Words, run: RunLine) -> str:
    """An owner of an earlier version tells no name."""
    if run.primary is None:
        return words.say("run.unsure")
    return run.kind_says or words.name("kind", run.primary)


def title(words: Words, run: RunLine) -> str:
    """The runner's own title, else the kind by its name."""
    return run.title or (kind_of(words, run) if run.primary else words.say("run.untitled"))


def label(written: str) -> str:
    """What a runner or a watch wrote, as the label of a widget: Streamlit takes those for Markdown, with pictures."""
    return re.sub(r"([\\`*_{}\[\]<>()#+\-.!|~:$&^])", r"\\\1", written)


def numbers(words: Words, run: RunLine) -> str:
    pace = run.distance_m / run.moving_s if run.distance_m and run.moving_s else None
    parts = [words.distance(run.distance_m), words.duration(run.moving_s or run.duration_s), words.pace(pace)]
    if run.ascent_m is not None and run.ascent_m >= 1:
        parts.append(f"↑ {words.climb(run.ascent_m)}")
    parts.append(words.bpm(run.mean_heart_rate_bpm))
    # A number and its unit stay on one line.
    return words.join(part.replace(" ", "\u00a0") for part in parts)


def run_card(words: Words, run: RunLine, today: date) -> Markup:
    day = words.near(run.day, today)
    top = run_chip(words, run) + tag("span", f"{day}, {words.time(run.start_local)}", "ss-quiet") + asks(words, run)
    return tag(
        "article",
        tag("div", top, "ss-row")
        + tag("h3", title(words, run), "ss-title")
        + tag("p", numbers(words, run), "ss-numbers")
        + tag("p", run.says, "ss-says"),
        "ss-run",
    )


def asks(words: Words, run: RunLine) -> Markup:
    """That its kind is not certain yet, wherever the kind stands without its reasons."""
    return tag("span", words.say("run.asks"), "ss-asks") if run.asked else NOTHING


def facts(ids: Iterable[str], words: Words) -> Markup:
    """The numbers of the facts behind a sentence, small, after it."""
    ids = list(ids)
    return tag("span", " ".join(ids), "ss-facts", title=words.say("facts.title")) if ids else NOTHING


def reasons(rows: Iterable[ReasonView], cls: str = "ss-reasons") -> Markup:
    return listing((row.says for row in rows), cls)


def why(
    words: Words, rows: Iterable[ReasonView], drills: Iterable[DrillView] = (), stops: Iterable[ReasonView] = ()
) -> Markup:
    """Reasons in full sentences with their rules, then those of each drill and of the stop lines, and their source.

    The only place of a page that shows a rule's number.
    """
    said = concat(tag("li", escape(row.says) + " " + facts(row.facts, words)) for row in rows)
    named = [(drill.name, drill.facts) for drill in drills]
    named.append((words.say("work.stops"), sorted({fact for row in stops for fact in row.facts})))
    others = concat(tag("li", escape(name) + " " + facts(ids, words)) for name, ids in named if ids)
    if not said + others:
        return NOTHING
    guide = tag("p", words.say("work.sources"), "ss-quiet")
    return tag("ul", said, "ss-reasons") + (tag("ul", others, "ss-reasons") if others else NOTHING) + guide


def drill(words: Words, number: int, row: DrillView) -> Markup:
    """One drill that opens to how, cue, breath and stop line."""
    head = (
        tag("span", str(number), "ss-step", aria_hidden="true")
        + tag("span", drawings.still(row.drill), "ss-drawing")
        + tag("span", row.name, "ss-drill-name")
        + tag("span", row.dose, "ss-dose")
    )
    parts = [("how", row.how), ("cue", row.cue), ("breath", row.breath), ("feel", row.feel), ("stop", row.stop)]
    lines = concat(tag("dt", words.say(f"drill.{name}")) + tag("dd", value) for name, value in parts if value)
    if row.equipment:
        things = ", ".join(words.name("equipment", thing) for thing in row.equipment)
        lines += tag("dt", words.say("drill.equipment")) + tag("dd", things)
    return tag("details", tag("summary", head) + tag("dl", lines), "ss-drill")


def drills(words: Words, rows: Iterable[DrillView]) -> Markup:
    items = concat(drill(words, number, row) for number, row in enumerate(rows, 1))
    return tag("div", items, "ss-drills") if items else NOTHING


def listing(rows: Iterable[str], cls: str = "ss-list") -> Markup:
    items = concat(tag("li", row) for row in rows)
    return tag("ul", items, cls) if items else NOTHING


def table(head: Iterable[str], rows: Iterable[Iterable[str]], caption: str, cls: str = "ss-table") -> Markup:
    """A plain table."""
    top = tag("tr", concat(tag("th", cell, scope="col") for cell in head))
    body = concat(tag("tr", concat(tag("td", cell) for cell in row)) for row in rows)
    return tag("table", tag("caption", caption) + tag("thead", top) + tag("tbody", body), cls)


def wide(inside: str, label: str) -> Markup:
    """What may be wider than a phone: it scrolls by itself, also by keyboard."""
    return tag("div", inside, "ss-wide", tabindex="0", role="region", aria_label=label)


def more(summary: str, inside: str, *, is_open: bool = False) -> Markup:
    """What opens on a tap."""
    if not inside:
        return NOTHING
    opened = Markup(" open") if is_open else NOTHING
    return Markup('<details class="ss-more"{}>{}{}</details>').format(opened, tag("summary", summary), inside)


def bars(rows: Iterable[tuple[str, float, str]]) -> Markup:
    """(name, share of one, words) as labelled bars."""
    bar = Markup('<i style="width:{:.1f}%" aria-hidden="true"></i>')
    items = concat(
        tag("dt", name) + tag("dd", bar.format(100 * share) + tag("span", says)) for name, share, says in rows
    )
    return tag("dl", items, "ss-bars") if items else NOTHING
