"""The rules as a page: ``python -m rules.document > docs/rules.md``, so that anyone can read and amend them.

It is for a physiotherapist: which drills, for which run, in which dose, when they stop, and where each comes from.
To change a rule, change its row in ``rules/knowledge`` and print the page again.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from textwrap import wrap

from rules.knowledge.loader import Decision, Drill, Flag, Origin, Recipe, Timing, drill_seconds, knowledge
from rules.knowledge.strength import StrengthDrill, strength_drills
from rules.knowledge.studies import studies
from rules.knowledge.thresholds import ThresholdRow, threshold_rows
from rules.text import Language, load_language

INTRO = (
    "This page is written from `rules/knowledge/*.toml` by `python -m rules.document > docs/rules.md`; a test holds",
    "it current. To amend a rule, edit its row there: no Python is needed. M and S numbers are facts of the",
    "foot-mobility guide for runners (2025-08-11); *ours* marks what we added, with the reason.",
)
ORDER = (
    "The drills stand in the order in which they are kept when time is short; a session runs in the order of the",
    "stages (1 toes, 2 arch, 3 stretch, 4 spread and grip, 5 light loading) unless it says *as listed*.",
)
SOURCES = {"guide": "the foot-mobility guide (2025-08-11)", "study": "a study", "ours": "our own judgement"}
RECIPE_HEAD = ("work", "for", "when", "drills", "comes from", "why")
DRILL_HEAD = (
    "drill",
    "family",
    "level",
    "element",
    "stage",
    "load",
    "dose",
    "one minute",
    "serves",
    "without",
    "not with",
    "comes from",
)
CONTENTS = (
    "**Contents:** [What is decided](#what-is-decided-and-how) · "
    "[Which work for which run](#which-work-for-which-run) · [The drills](#the-drills) · "
    "[The strength card](#the-strength-card) · [Warning signs](#warning-signs) · [The studies](#the-studies) · "
    "[The numbers](#the-numbers)"
)
STRENGTH_HEAD = ("drill", "for", "dose", "not with", "comes from", "how")
THRESHOLD_HEAD = ("name", "value", "from–to", "comes from", "why")


def page() -> str:
    """The whole page in Markdown."""
    return "\n".join(part for line in _lines() for part in _wrapped(line)) + "\n"


def _wrapped(line: str) -> list[str]:
    """A line of prose at most 118 columns wide; a table's row stays whole."""
    if line.startswith("|") or len(line) <= 118:
        return [line]
    return wrap(line, 118, subsequent_indent="> " if line.startswith("> ") else "", break_on_hyphens=False)


def _lines() -> Iterator[str]:
    words, known = load_language("en"), knowledge()
    yield "# The rules of the foot work"
    yield ""
    yield from INTRO
    yield ""
    yield f"> {words.say('evidence_note.text')}"
    yield ""
    yield CONTENTS
    yield ""
    yield "## What is decided, and how"
    yield ""
    yield from _table(("rule", "comes from", "why"), (_decision(row) for row in known.decisions.values()))
    yield "## Which work for which run"
    yield ""
    yield from ORDER
    yield ""
    yield from _table(RECIPE_HEAD, (_recipe(row, words) for row in known.recipes.values()))
    yield "## The drills"
    yield ""
    yield from _table(DRILL_HEAD, (_drill(row, words) for row in known.drills.values()))
    for drill in known.drills.values():
        yield from _drill_words(drill, words)
    yield "## The strength card"
    yield ""
    yield "Optional and off until wished for; in this order. Each is left out where one of its tags holds."
    yield ""
    yield from _table(STRENGTH_HEAD, (_strength(row, words) for row in strength_drills()))
    yield "## Warning signs"
    yield ""
    yield "Each stops the drills, keeps the log and says to see a doctor or physio. None names an illness. The scale of"
    yield "soreness (0–3 go on, 4–5 lighter, above 5 stop) comes from watching tendon pain in training (Thomeé 1997,"
    yield "Silbernagel 2007); it was not made for stiffness, which is only compared with the runner's own usual."
    yield ""
    yield from _table(
        ("sign", "raised by", "emergency", "comes from", "why"), (_flag(row, words) for row in known.flags.values())
    )
    yield "## The studies"
    yield ""
    yield "What each study that is named above found, for and against, and what was read of it."
    yield ""
    yield from _table(("study", "found", "read"), ((row.name, row.found, row.read) for row in studies().values()))
    yield "## The numbers"
    yield ""
    yield "Any of them can be set by name under `[rules]` in the config, within its limits."
    yield ""
    yield from _table(THRESHOLD_HEAD, (_threshold(row) for row in threshold_rows().values()))


def _table(head: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> Iterator[str]:
    yield "| " + " | ".join(head) + " |"
    yield "|" + "---|" * len(head)
    for row in rows:
        yield "| " + " | ".join(cell.replace("|", "/") or "–" for cell in row) + " |"
    yield ""


def _origin(origin: Origin) -> str:
    named = ", ".join((*origin.facts, *origin.studies))
    return f"{named} ({origin.source})" if named else SOURCES[origin.source]


def _decision(row: Decision) -> tuple[str, ...]:
    return row.says, _origin(row.origin), row.origin.why


def _recipe(row: Recipe, words: Language) -> tuple[str, ...]:
    kinds = ", ".join(sorted(words.say(f"kind.{kind.value}") for kind in row.kinds))
    names = [words.say(f"drill.{drill}.name") for drill in row.drills]
    core, more = names[: row.core], names[row.core :]
    drills = ", ".join(core) + (f"; with time left: {', '.join(more)}" if more else "")
    drills += " (as listed)" if row.as_listed else ""
    if row.families:
        always = ", ".join(one.replace("_", " ") for one in row.families)
        rests = ", ".join(one.replace("_", " ") for one in row.families if one in row.may_rest)
        drills = f"always {always} (may give way every second time: {rests}), then in turn; lighter: {', '.join(core)}"
    window = words.say(f"window.{row.window.value}")
    return row.recipe_id, kinds, window, drills, _origin(row.origin), row.origin.why


def _dose(timing: Timing) -> str:
    each = f"{timing.hold_s} s held" if timing.reps is None else f"{timing.reps} reps of {timing.rep_s} s"
    side = ", one foot after the other" if timing.per_side else ", both feet"
    sets = f"{timing.sets}–{timing.most_sets} ×" if timing.most_sets > timing.sets else f"{timing.sets} ×"
    return f"{sets} {each}{side} ({drill_seconds(timing)} s)"


def _drill(row: Drill, words: Language) -> tuple[str, ...]:
    needs = ", ".join(words.say(f"equipment.{thing}") for thing in row.needs)
    without = f"no {needs}: {words.say(f'drill.{row.instead}.name')}" if row.instead else ""
    return (
        words.say(f"drill.{row.drill_id}.name"),
        row.family.replace("_", " "),
        str(row.level),
        words.say(f"element.{row.element}"),
        str(row.stage),
        str(row.load),
        _dose(row.timing),
        _dose(row.one_minute),
        ", ".join(sorted(words.say(f"place.{place.value}") for place in row.serves)),
        without,
        ", ".join(sorted(one.replace("_", " ") for one in row.not_with)),
        _origin(row.origin) + (f": {row.origin.why}" if row.origin.why else ""),
    )


def _strength(row: StrengthDrill, words: Language) -> tuple[str, ...]:
    each = f"{row.hold_s} s held" if row.reps is None else f"{row.reps} reps of {row.rep_s} s"
    side = ", one side after the other" if row.per_side else ""
    return (
        words.say(f"strength.{row.drill_id}.name"),
        row.part,
        f"{row.sets} × {each}{side} ({row.seconds} s)",
        ", ".join(sorted(one.replace("_", " ") for one in row.not_with)),
        f"{_origin(row.origin)}: {row.origin.why}",
        words.say(f"strength.{row.drill_id}.how"),
    )


def _drill_words(row: Drill, words: Language) -> Iterator[str]:
    def text(part: str) -> str:
        return words.say(f"drill.{row.drill_id}.{part}")

    yield f"**{text('name')}.** {text('how')} *{text('cue')}* Breath: {text('breath')} Feel: {text('feel')} "
    yield f"Stop: {text('stop')}"
    yield ""


def _flag(row: Flag, words: Language) -> tuple[str, ...]:
    emergency = "yes" if row.emergency else ""
    return words.say(f"flag.{row.flag_id}"), row.raised_by, emergency, _origin(row.origin), row.origin.why


def _threshold(row: ThresholdRow) -> tuple[str, ...]:
    origin = Origin(row.source, row.facts, row.studies, row.why)
    return f"`{row.name}`", f"{row.value:g} {row.unit}", f"{row.least:g}–{row.most:g}", _origin(origin), row.why


if __name__ == "__main__":
    sys.stdout.write(page())
