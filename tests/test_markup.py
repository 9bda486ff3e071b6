"""HTML of the pages: what a runner, a watch or a service wrote is shown as it was written, wherever it stands."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest
from markupsafe import Markup

from dashboard import markup
from dashboard.format import Words
from dashboard.parts import foot
from sync.wire.footwork import DrillView, ReasonView
from sync.wire.runs import RunLine

EN = Words.of("en")
DAY = date(2026, 11, 28)
HOSTILE = ["<script>alert(1)</script>", "Tom & Jerry", '"it\'s" 6\' 2"', "</p><b>", "&lt;i&gt;", 'x" onload="y']


@dataclass
class Shown(HTMLParser):
    """What a browser makes of a piece of HTML: the names of its elements, their attributes, and all of its text."""

    names: list[str] = field(default_factory=list)
    attributes: list[tuple[str, str | None]] = field(default_factory=list)
    texts: str = ""

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.texts += data


def shown(html: Markup) -> Shown:
    parser = Shown()
    parser.feed(str(html))
    parser.close()
    return parser


def run_line(written: str) -> RunLine:
    at = datetime(2026, 11, 28, 7)
    return RunLine(
        id="r", start_utc=at, start_local=at, offset_assumed=False, day=DAY, title=written, source_files=[], sources=[],
        distance_m=5000.0, duration_s=1500.0, moving_s=1500.0, ascent_m=None, mean_heart_rate_bpm=None, primary="easy",
        intensity=None, long=None, hills=None, surface=None, confidence={}, evidence={}, says=written,
        kind_says=written, partial=False, sport_inferred=False, corrected=False, removed=False, asked=False,
    )  # fmt: skip


def drill_view(written: str) -> DrillView:
    return DrillView(
        drill="d", name=written, dose=written, seconds=30, sets=1, reps=None, hold_s=None, per_side=False, how=written,
        cue=written, breath=written, feel=written, stop=written, facts=[written], equipment=[written],
    )  # fmt: skip


def reason_view(written: str) -> ReasonView:
    return ReasonView(says=written, facts=[written])


PIECES: dict[str, Callable[[str], Markup]] = {
    "tag": lambda written: markup.tag("p", written, written, title=written),
    "concat": lambda written: markup.concat([written, written]),
    "chip": lambda written: markup.chip(written, "easy"),
    "kind_chip": lambda written: markup.kind_chip(EN, written),
    "run_chip": lambda written: markup.run_chip(EN, run_line(written)),
    "run_card": lambda written: markup.run_card(EN, run_line(written), DAY),
    "asks": lambda written: markup.asks(EN, run_line(written).model_copy(update={"asked": True})),
    "facts": lambda written: markup.facts([written], EN),
    "reasons": lambda written: markup.reasons([reason_view(written)]),
    "why": lambda written: markup.why(EN, [reason_view(written)], [drill_view(written)], [reason_view(written)]),
    "drill": lambda written: markup.drill(EN, 1, drill_view(written)),
    "drills": lambda written: markup.drills(EN, [drill_view(written)]),
    "listing": lambda written: markup.listing([written]),
    "table": lambda written: markup.table([written], [[written]], written),
    "wide": lambda written: markup.wide(written, written),
    "more": lambda written: markup.more(written, written, is_open=True),
    "bars": lambda written: markup.bars([(written, 0.5, written)]),
}


@pytest.mark.parametrize("name", PIECES)
@pytest.mark.parametrize("written", HOSTILE)
def test_what_was_written_is_text(name: str, written: str) -> None:
    """The same elements and attributes as for a harmless word, and the text as it was written."""
    made, plain = PIECES[name](written), PIECES[name]("word")
    assert isinstance(made, Markup)
    found, harmless = shown(made), shown(plain)
    assert found.names == harmless.names
    assert [key for key, _ in found.attributes] == [key for key, _ in harmless.attributes]
    assert found.texts == harmless.texts.replace("word", written)
    assert {value for _, value in found.attributes if value and value != "word"} == {
        value.replace("word", written) for _, value in harmless.attributes if value
    }


def test_every_piece_has_a_case() -> None:
    source = ast.parse(Path(markup.__file__).read_text(encoding="utf-8"))
    made = {
        node.name
        for node in source.body
        if isinstance(node, ast.FunctionDef) and isinstance(node.returns, ast.Name) and node.returns.id == "Markup"
    }
    assert made == set(PIECES)


def test_safe_html_stays_as_it_is() -> None:
    assert markup.tag("p", markup.tag("b", "&")) == Markup("<p><b>&amp;</b></p>")
    assert markup.concat([markup.tag("i", ""), "<"]) == Markup("<i></i>&lt;")
    assert shown(foot.svg(EN, "left", "heel")).names.count("g") == 12


ELEMENT = re.compile(r"</?(a|b|i|p|div|span|h[1-6]|li|ul|ol|d[ltd]|t[rdh]|table|button|svg|g|input|meta|style)[ />]")
# No pieces of a page: Streamlit's shell, an empty place for a script, and drawings made of numbers alone.
NOT_OF_A_PAGE = {
    "asgi.py", "parts/player.py", "parts/tapmap.py", "parts/drop.py", "parts/typed.py", "parts/kept_time.py",
    "parts/assess.py",
    "drawings/svg.py", "drawings/things.py",
}  # fmt: skip


def test_html_is_written_as_markup_only() -> None:
    """A tag in a plain string is text to all that shows it; in an f-string nothing would escape what is put in."""
    folder = Path(markup.__file__).parent
    found = []
    for path in sorted(folder.rglob("*.py")):
        if str(path.relative_to(folder)) in NOT_OF_A_PAGE:
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        safe = {
            id(inner)
            for node in ast.walk(tree)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Markup"
            for inner in ast.walk(node)
        }
        found += [
            f"{path.name}:{node.lineno}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in safe
            if ELEMENT.search(node.value)
        ]
    assert found == []


@pytest.mark.parametrize("asked", [True, False])
def test_a_run_whose_kind_is_asked_for_says_so_where_it_stands(asked: bool) -> None:
    card = markup.run_card(EN, run_line("Sunday").model_copy(update={"asked": asked}), DAY)
    assert ("Needs your answer" in card) == asked
