"""The store is lost: what happened and the two ways on, and nothing else."""

from __future__ import annotations

from dashboard.format import Words
from dashboard.markup import concat, tag
from dashboard.parts.st_html import html
from sync.errors import NoStore

SHOWN = 8
"""As many copies are named as are kept usually."""


def render(words: Words, lost: NoStore) -> None:
    why = "missing" if lost.why == "missing" else "unreadable"
    html(tag("h1", words.say(f"no_store.title_{why}"), "ss-page ss-no-store"))
    html(tag("p", words.say(f"no_store.lead_{why}"), "ss-lead"))
    if lost.detail:
        html(tag("p", lost.detail, "ss-quiet"))
    html(tag("p", words.say("no_store.waits"), "ss-says"))
    html(tag("h2", words.say("no_store.how"), "ss-section"))
    ways = [(f"springstep restore {day}", words.say("no_store.restore", day=day)) for day in lost.copies[:SHOWN]]
    ways.append(("springstep restore FILE", words.say("no_store.restore_file")))
    ways.append(("springstep start-empty", words.say("no_store.empty")))
    items = concat(tag("li", tag("b", tag("code", command)) + tag("p", says, "ss-says")) for command, says in ways)
    html(tag("ul", items, "ss-problems"))
