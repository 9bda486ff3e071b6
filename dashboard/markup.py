"""Small pieces of HTML with every value escaped; what looks alike on two pages is made here once."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from html import escape

from dashboard.format import Words
from sync.wire.footwork import DrillView, ReasonView
from sync.wire.runs import RunLine

KINDS = ("easy", "tempo", "long", "hills", "surface")


def tag(name: str, inside: str, /, cls: str = "", **attributes: str) -> str:
    """An element around ``inside``, which is HTML already."""
    given = {"class": cls, **{key.replace("_", "-"): value for key, value in attributes.items()}}
    text = "".join(f' {key}="{escape(value)}"' for key, value in given.items() if value)
    return f"<{name}{text}>{inside}</{name}>"


def text(value: object) -> str:
    return escape(str(value))


def chip(word: str, kind: str | None) -> str:
    """A word with its kind's mark before it: shape and word say what the colour says."""
    return tag("span", f'<i aria-hidden="true"></i>{text(word)}', f"ss-chip ss-{kind or 'unknown'}")


def kind_chip(words: Words, kind: str | None) -> str:
    return chip(words.name("kind", kind) if kind else words.say("run.unsure"), kind)


def title(words: Words, run: RunLine) -> str:
    """The runner's own title, else one from the kind."""
    return run.title or words.say(f"run.untitled_{run.primary or 'unknown'}")


def label(written: str) -> str:
    """What a runner or a watch wrote, as the label of a widget: Streamlit takes those for Markdown, with pictures."""
    return re.sub(r"([\\`*_{}\[\]<>()#+\-.!|~:$&^])", r"\\\1", written)


def numbers(words: Words, run: RunLine) -> str:
    pace = run.distance_m / run.moving_s if run.distance_m and run.moving_s else None
    parts = [words.distance(run.distance_m), words.duration(run.moving_s or run.duration_s), words.pace(pace)]
    if run.ascent_m is not None and run.ascent_m >= 1:
        parts.append(f"↗ {words.climb(run.ascent_m)}")
    parts.append(words.bpm(run.mean_heart_rate_bpm))
    # A number and its unit stay on one line.
    return words.join(part.replace(" ", "\u00a0") for part in parts)


def run_card(words: Words, run: RunLine, today: date) -> str:
    day = words.near(run.day, today)
    top = kind_chip(words, run.primary) + tag("span", f"{text(day)}, {text(words.time(run.start_local))}", "ss-quiet")
    return tag(
        "article",
        tag("div", top, "ss-row")
        + tag("h3", text(title(words, run)), "ss-title")
        + tag("p", text(numbers(words, run)), "ss-numbers")
        + tag("p", text(run.says), "ss-says"),
        "ss-run",
    )


def facts(ids: Iterable[str], words: Words) -> str:
    """The numbers of the facts behind a sentence, small, after it."""
    ids = list(ids)
    return tag("span", text(" ".join(ids)), "ss-facts", title=words.say("facts.title")) if ids else ""


def reasons(words: Words, rows: Iterable[ReasonView], cls: str = "ss-reasons") -> str:
    items = "".join(tag("li", f"{text(row.says)} {facts(row.facts, words)}") for row in rows)
    return tag("ul", items, cls) if items else ""


def drill(words: Words, number: int, row: DrillView) -> str:
    """One drill that opens to how, cue, breath and stop line."""
    head = (
        tag("span", str(number), "ss-step", aria_hidden="true")
        + tag("span", text(row.name), "ss-drill-name")
        + tag("span", text(row.dose), "ss-dose")
    )
    parts = [("how", row.how), ("cue", row.cue), ("breath", row.breath), ("feel", row.feel), ("stop", row.stop)]
    lines = "".join(
        tag("dt", text(words.say(f"drill.{name}"))) + tag("dd", text(value)) for name, value in parts if value
    )
    if row.equipment:
        things = ", ".join(words.name("equipment", thing) for thing in row.equipment)
        lines += tag("dt", text(words.say("drill.equipment"))) + tag("dd", text(things))
    return tag("details", tag("summary", head) + tag("dl", lines) + facts(row.facts, words), "ss-drill")


def drills(words: Words, rows: Iterable[DrillView]) -> str:
    return tag("div", "".join(drill(words, number, row) for number, row in enumerate(rows, 1)), "ss-drills")


def listing(rows: Iterable[str], cls: str = "ss-list") -> str:
    items = "".join(tag("li", text(row)) for row in rows)
    return tag("ul", items, cls) if items else ""


def table(head: Iterable[str], rows: Iterable[Iterable[str]], caption: str, cls: str = "ss-table") -> str:
    """A plain table; cells are text."""
    top = tag("tr", "".join(tag("th", text(cell), scope="col") for cell in head))
    body = "".join(tag("tr", "".join(tag("td", text(cell)) for cell in row)) for row in rows)
    return tag("table", tag("caption", text(caption)) + tag("thead", top) + tag("tbody", body), cls)


def wide(inside: str, label: str) -> str:
    """What may be wider than a phone: it scrolls by itself, also by keyboard."""
    return tag("div", inside, "ss-wide", tabindex="0", role="region", aria_label=label)


def more(summary: str, inside: str, *, is_open: bool = False) -> str:
    """What opens on a tap; ``inside`` is HTML."""
    if not inside:
        return ""
    opened = " open" if is_open else ""
    return f'<details class="ss-more"{opened}><summary>{text(summary)}</summary>{inside}</details>'


def bars(rows: Iterable[tuple[str, float, str]]) -> str:
    """(name, share of one, words) as labelled bars."""
    items = "".join(
        tag("dt", text(name))
        + tag("dd", f'<i style="width:{100 * share:.1f}%" aria-hidden="true"></i>' + tag("span", text(says)))
        for name, share, says in rows
    )
    return tag("dl", items, "ss-bars") if items else ""
