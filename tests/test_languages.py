"""A language is a set of files: its plurals, days and signs come from Babel, what it lacks from English."""

from __future__ import annotations

import re
import string
import tomllib
from datetime import date
from pathlib import Path

import pytest

import dashboard
from dashboard.format import FOLDER, Words
from rules import locale_forms
from rules.facts.labels import Evidence
from rules.knowledge.languages import DRAFTS, languages
from rules.text import HERE, SAFETY, Text, _flatten, load_language
from sync.service.queries.label_views import evidence_line
from sync.settings.config import ConfigMistakes, parse

DAY = date(2026, 3, 22)
ENGLISH = load_language("en", FOLDER)


def own(code: str) -> dict[str, Text]:
    found: dict[str, Text] = {}
    for folder in (HERE, FOLDER):
        for path in sorted(folder.glob(f"*.{code}.toml")):
            found.update(_flatten(tomllib.loads(path.read_text(encoding="utf-8"))))
    return found


def blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize(
    ("code", "count", "says"),
    [
        ("en", 1, "1 run"),
        ("en", 2, "2 runs"),
        ("de", 1, "1 Lauf"),
        ("de", "1,234", "1,234 Läufe"),
        ("es", 1, "1 carrera"),
        ("es", 12, "12 carreras"),
    ],
)
def test_a_count_takes_its_plural_form(code: str, count: int | str, says: str) -> None:
    assert load_language(code, FOLDER).say("ui.runs.count", n=count) == says


def test_a_new_language_needs_files_only(tmp_path: Path) -> None:
    """Polish has four plural forms; nothing in the code knows that."""
    (tmp_path / "pages.pl.toml").write_text(
        '[ui.runs]\ncount = { count = "n", one = "bieg", few = "{n} biegi", many = "{n} biegów", other = "–" }\n'
    )
    polish = load_language("pl", tmp_path)
    assert [polish.say("ui.runs.count", n=n) for n in (1, 3, 5)] == ["bieg", "3 biegi", "5 biegów"]
    assert polish.say("refused.one_already") == "These are already one run."
    assert polish.day(DAY) == "niedz. 22 mar 2026"
    assert locale_forms.own_name("pl") == "Polski"


@pytest.mark.parametrize(
    ("code", "long", "short", "number"),
    [
        ("en", "Sunday, 22 March", "22 Mar", "1,234.5"),
        ("de", "Sonntag, 22. März", "22. März", "1.234,5"),
        ("es", "domingo, 22 de marzo", "22 mar", "1.234,5"),
    ],
)
def test_days_and_numbers_are_the_languages_own(code: str, long: str, short: str, number: str) -> None:
    words = Words.of(code)
    assert (words.day(DAY), words.day_short(DAY), words.number(1234.5, 1)) == (long, short, number)


@pytest.mark.parametrize("code", languages())
def test_every_form_keeps_to_the_blanks_of_its_text(code: str) -> None:
    plurals = {"zero", "one", "two", "few", "many"}
    for key, text in own(code).items():
        for name, form in text.forms.items():
            assert name in plurals or re.fullmatch(r"(>=)?\d+", name), (key, name)
            assert blanks(form) <= blanks(text.text) | blanks(ENGLISH.texts[key].text), (key, name)


@pytest.mark.parametrize("code", sorted(DRAFTS))
def test_a_draft_knows_no_key_and_no_blank_that_english_does_not(code: str) -> None:
    draft = own(code)
    assert len(draft) > 300
    assert [key for key in draft if key not in ENGLISH] == []
    assert {key for key, text in draft.items() if blanks(text.text) != blanks(ENGLISH.texts[key].text)} == set()
    assert {key for key, text in draft.items() if text.benefit != ENGLISH.texts[key].benefit} == set()


@pytest.mark.parametrize("code", sorted(DRAFTS))
def test_what_must_not_be_misread_stands_in_english_beside_a_draft(code: str) -> None:
    shown, draft = load_language(code, FOLDER), own(code)
    beside = {key for key in draft if SAFETY.fullmatch(key) or ENGLISH.texts[key].benefit}
    assert {
        "flag.numb",
        "reason.red_flag_runner",
        "reason.stop_scale",
        "drill.toe-curl.stop",
        "evidence_note.text",
    } < beside
    assert [key for key in beside if not shown.texts[key].text.endswith(f"({ENGLISH.texts[key].text})")] == []
    assert shown.say("title.base") == draft["title.base"].text


def test_the_english_beside_a_draft_has_english_words_and_numbers() -> None:
    spanish = load_language("es", FOLDER)
    assert spanish.say("insight.since_looser", points="3.2", month=spanish.month(DAY)) == (
        "Tus pies están 3,2 puntos más sueltos que en marzo. (Your feet are 3.2 points looser than in March.)"
    )
    word = spanish.say("insight.likely_eased")
    assert word == "probablemente mejor (likely eased)"
    said = spanish.say(
        "insight.kept",
        with_mean="-0.4",
        n_with=82,
        without_mean="+0.7",
        n_without=12,
        word=spanish.say("insight.no_clear_change"),
    )
    assert said.count("(n = 82)") == 2
    assert "−0,4" in said.split(" (Mornings")[0]
    assert "−0.4" in said.split(" (Mornings")[1]
    assert said.endswith("no clear change.)")
    flag = spanish.say("reason.red_flag_diary", score=6, place=spanish.say("place.heel"))
    assert flag.startswith("Anotaste molestia o dolor de 6 sobre 10 (talón).")
    assert "You logged soreness 6 of 10 (heel)." in flag


def test_what_a_draft_lacks_is_english_alone(tmp_path: Path) -> None:
    (tmp_path / "new.en.toml").write_text('[drill.new]\nname = "New"\nstop = "Any pain ends it."\n')
    (tmp_path / "new.es.toml").write_text('[drill.new]\nname = "Nuevo"\n')
    spanish = load_language("es", tmp_path)
    assert (spanish.say("drill.new.name"), spanish.say("drill.new.stop")) == ("Nuevo", "Any pain ends it.")


def test_signed_languages_have_no_english_beside() -> None:
    assert load_language("de", FOLDER).say("flag.numb") == own("de")["flag.numb"].text


def test_a_draft_is_chosen_by_hand_only() -> None:
    assert parse('[athlete]\nlanguage = "es"').first.language == "es"
    with pytest.raises(ConfigMistakes) as mistake:
        parse('[athlete]\nlanguage = "fr"')
    assert 'must be "en" or "de" or "es", not "fr"' in str(mistake.value.mistakes)
    code = "".join(path.read_text("utf-8") for path in Path(dashboard.__file__).parent.rglob("*.[pj][ys]"))
    assert re.findall(r"navigator\.language|context\.locale", code) == []
    assert (
        load_language("en", FOLDER).say("ui.settings.draft", language=locale_forms.own_name("es")) == "Español (draft)"
    )


@pytest.mark.parametrize(
    ("rule", "values", "said", "exact"),
    [
        ("half_again_up", {"percent": 197}, "About twice your usual distance.", "197 % of your usual distance."),
        ("half_again_up", {"percent": 260}, "More than twice your usual distance.", "260 % of your usual distance."),
        ("steep_share_down", {"percent": 0}, "Almost none of it was steep.", "0 % of it was steep (4 % or more)."),
        (
            "heart_minutes_down",
            {"minutes": 0, "bpm": 154},
            "No time above 154 bpm, where threshold effort starts.",
            "No time above 154 bpm, where threshold effort starts.",
        ),
    ],
)
def test_a_reason_says_a_number_as_people_do_and_keeps_the_exact_one(
    rule: str, values: dict[str, int], said: str, exact: str
) -> None:
    evidence = Evidence(rule=rule, weight=1.0, values=values)
    assert evidence_line(evidence, ENGLISH).says == said
    assert evidence_line(evidence, ENGLISH, exact=True).says == exact
