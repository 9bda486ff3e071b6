"""Every page through Streamlit's own test runner, over the made-up owner's socket."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.format import Words
from dashboard.parts import receipt
from sync.wire.commands import LogScore, LogSession, Receipt
from sync.wire.footwork import FlagView
from tests.fakes.owner import FakeOwner, serve

PAGES = ("today", "log", "runs", "run", "calendar", "insights", "plan", "status", "print")

GERMAN = (
    '[athlete]\nname = "Demo"\nmade_up = true\nlanguage = "de"\nunits = "mi"\nclock = "12h"\nweek_start = "sunday"\n'
)


def script(first: str) -> None:
    from dashboard.app import main

    main(first)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SPRINGSTEP_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def owner(home: Path) -> Iterator[FakeOwner]:
    with serve(home) as one:
        yield one


def opened(page: str, **params: str) -> AppTest:
    app = AppTest.from_function(script, args=(page,), default_timeout=30)
    for name, value in params.items():
        app.query_params[name] = value
    return app.run()


def shown(app: AppTest) -> str:
    """All HTML on the page."""
    assert not app.exception
    return " ".join(element.proto.body for element in app.get("html"))


@pytest.mark.parametrize(("language", "form"), [("en", "DD/MM/YYYY"), ("de", "DD.MM.YYYY")])
def test_a_day_is_typed_as_the_language_writes_it(language: str, form: str, home: Path, owner: FakeOwner) -> None:
    (home / "config.toml").write_text(f'[athlete]\nlanguage = "{language}"\n')
    (until,) = opened("plan").date_input
    assert until.proto.format == form


@pytest.mark.parametrize("page", PAGES)
def test_each_page_stands(page: str, owner: FakeOwner) -> None:
    app = opened(page, **({"id": "last"} if page == "run" else {}))
    assert len(shown(app)) > 200
    assert "this runner is made up" in shown(app)


@pytest.mark.parametrize("page", PAGES)
def test_a_rule_shows_its_number_under_why_and_sources_only(page: str, owner: FakeOwner) -> None:
    """Neither M14 nor heart_top_down stands in sight or behind any other tap."""
    text = shown(opened(page, **({"id": "last"} if page == "run" else {})))
    folds = re.findall(r"<details[^>]*><summary>Why and sources</summary>.*?</details>", text)
    for fold in folds:
        assert "points of the foot-mobility guide" in fold
        text = text.replace(fold, "")
    seen = re.sub(r"<[^>]*>", " ", text)
    assert re.findall(r"\b[MS]\d{1,2}\b|\b[a-z]+_[a-z_]+\b", seen) == []
    assert bool(folds) == (page == "today")


@pytest.mark.parametrize("page", PAGES)
def test_each_page_stands_on_an_empty_store(page: str, home: Path) -> None:
    with serve(home, weeks=0):
        assert shown(opened(page))


@pytest.mark.parametrize("page", PAGES)
def test_each_page_stands_in_another_language_and_units(page: str, home: Path) -> None:
    with serve(home, config=GERMAN):
        text = shown(opened(page, **({"id": "last"} if page == "run" else {})))
    assert "Diesen Läufer gibt es nicht" in text
    if page == "run":
        assert " mi" in text
        assert " km" not in text


def test_a_run_that_is_not_there_is_said_so(owner: FakeOwner) -> None:
    assert "There is no run nobody." in shown(opened("run", id="nobody"))


def test_a_score_is_stored_at_once_and_a_place_amends_it(owner: FakeOwner) -> None:
    app = opened("today")
    score = next(one for one in app.get("button_group") if one.proto.label.startswith("How stiff"))
    score.set_value(3).run()
    (first,) = [command for command in owner.commands if isinstance(command, LogScore)]
    assert (first.score, first.place) == (3, "big-toe-joint")
    logged = re.search(r"Logged \d+:\d+: 3, big-toe joint", shown(app))
    assert logged
    assert logged.group() in shown(opened("today"))  # remembered where the page is opened anew


def test_the_log_says_where_its_scale_comes_from(owner: FakeOwner) -> None:
    assert "comes from watching tendon pain" in shown(opened("log"))


@pytest.mark.parametrize(
    ("says", "shows"),
    [
        ("Saved for Sun 29 Nov 2026: soreness 5.", "</span> Saved for Sun 29 Nov 2026: soreness 5.</p>"),
        ("Planned for <Monday>.", "</span> <b>Saved.</b> Planned for &lt;Monday&gt;.</p>"),
    ],
)
def test_saved_is_said_once(says: str, shows: str) -> None:
    context = SimpleNamespace(words=Words.of("en"))
    told = Receipt(command_id="1", stored=True, says=says)
    assert receipt.sentence(context, told).endswith(shows)  # type: ignore[arg-type]


def test_a_refusal_is_shown_and_not_called_stored(owner: FakeOwner) -> None:
    app = opened("today")
    owner.refuse = "The day is outside of the diary."
    score = next(one for one in app.get("button_group") if one.proto.label.startswith("How stiff"))
    score.set_value(3).run()
    text = shown(app)
    assert "<b>Not saved.</b> The day is outside of the diary." in text
    assert "Saved.</b>" not in text


@pytest.mark.parametrize(
    ("button", "expected"),
    [
        ("Done", ("done", 6.0, None)),
        ("Partly", ("partial", 3.0, None)),
        ("It hurts", ("skipped", None, "pain")),
    ],
)
def test_foot_work_is_answered_in_one_tap(button: str, expected: tuple[Any, ...], owner: FakeOwner) -> None:
    app = opened("today")
    next(one for one in app.button if one.label == button).click().run()
    (said,) = [command for command in owner.commands if isinstance(command, LogSession)]
    assert (said.state, said.minutes, said.reason) == expected


def test_a_link_stores_nothing(owner: FakeOwner) -> None:
    app = opened("log", score="3", where="ball", side="left", when="evening", what="soreness")
    assert "3/10 · Ball of the foot. Not saved yet." in shown(app)
    assert owner.commands == []
    next(one for one in app.button if one.label == "Save 3/10").click().run()
    (entry,) = owner.commands
    assert (entry.what, entry.score, entry.place, entry.side, entry.when) == ("soreness", 3, "ball", "left", "evening")


def test_nonsense_in_a_link_is_left_out(owner: FakeOwner) -> None:
    app = opened("log", score="37", where="<script>", side="up")
    assert "not stored yet" not in shown(app)
    assert owner.commands == []


def test_an_old_entry_is_amended_under_its_own_id(owner: FakeOwner) -> None:
    entry = max(owner.athlete.entries.values(), key=lambda one: one.at_utc)
    app = opened("log", entry=entry.entry_id)
    score = next(one for one in app.get("button_group") if one.proto.label == "How stiff?")
    score.set_value(9).run()
    (amended,) = owner.commands
    assert (amended.entry_id, amended.score, amended.at_utc) == (entry.entry_id, 9, entry.at_utc)


def test_a_flag_that_a_score_raised_has_no_button_to_clear_it(owner: FakeOwner) -> None:
    day = owner.athlete.today
    for flag_id, flag in (("", "high-soreness"), ("ticked", "limping")):
        owner.athlete.flags[flag] = FlagView(
            flag_id=flag_id, flag=flag, says=f"Because of {flag}.", emergency=False, day=day
        )
    app = opened("today")
    assert "Because of high-soreness." in shown(app)
    assert "Because of limping." in shown(app)
    assert [button.key for button in app.button if (button.key or "").startswith("clear-")] == [
        "clear-seen-ticked",
        "clear-gone-ticked",
    ]


def test_without_an_owner_the_page_says_what_to_do(home: Path) -> None:
    home.mkdir(mode=0o700)
    assert shown(opened("today"))


def test_two_runners_see_their_own_page(home: Path) -> None:
    two = '[athlete]\nid = "ann"\nname = "Ann"\n\n[[athletes]]\nid = "ben"\nname = "Ben"\nlanguage = "de"\n'
    with serve(home, config=two):
        app = opened("today")
        choice = next(one for one in app.selectbox if one.label == "Runner")
        choice.set_value("ben").run()
        assert "Diesen Lauf ansehen" in " ".join(link.proto.label for link in app.get("page_link"))
        assert app.query_params["runner"] == "ben"
        again = opened("today", runner="ben")
        assert "Diesen Lauf ansehen" in " ".join(link.proto.label for link in again.get("page_link"))


def test_no_run_at_all_is_not_blamed_on_a_filter(home: Path) -> None:
    with serve(home, weeks=0):
        assert "No runs yet." in shown(opened("runs"))
        assert "Remove a filter." in shown(opened("runs", kind="hills"))


def test_a_title_is_a_title_and_never_a_picture_or_a_link(owner: FakeOwner) -> None:
    """A widget's label is Markdown to Streamlit, and a title is what a stranger's watch or service wrote."""
    owner.athlete.runs[0] = owner.athlete.runs[0].model_copy(update={"title": "![10*400](http://x) :red[a] <b>"})
    labels = [link.proto.label for link in opened("runs").get("page_link")]
    assert r"\!\[10\*400\]\(http\://x\) \:red\[a\] \<b\>" in labels


def test_status_tells_of_the_map(owner: FakeOwner) -> None:
    assert "none. To see the ground of each run" in shown(opened("status"))
    owner.athlete.map_utc, owner.athlete.map_bytes = datetime(2026, 11, 20, 9), 12_300_000
    assert "12.3 MB, added on 20 Nov 2026" in shown(opened("status"))


SAVED = {
    "log": ["diary"],
    "runs": ["runs"],
    "run": ["curves", "segments"],
    "calendar": ["days", "weeks"],
    "insights": ["daily", "weekly", "felt"],
    "plan": ["dose", "checks"],
    "status": ["passes", "problems"],
}


@pytest.mark.parametrize("page", SAVED)
def test_every_table_can_be_saved(page: str, owner: FakeOwner) -> None:
    app = opened(page, **({"id": "last"} if page == "run" else {}))
    assert not app.exception
    assert [button.proto.id.rsplit(":", 1)[-1] for button in app.get("download_button")] == SAVED[page]
