"""How the command line speaks: help texts in the imperative; errors say what happened, what was kept, what to do."""

from __future__ import annotations

import argparse
import re
import shlex
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from rules.text import load_language
from sync.app.cli import dates, main
from sync.app.cli.examples import EXAMPLES
from sync.app.cli.usage import usage_error

IMPERATIVES = set(
    re.findall(
        r"\w+",
        """
    accept add answer ask begin bring change choose clear confirm correct delete do end explain get give go import
    leave link list log make name plan print remove repeat say serve set show skip start swap switch sync take tell
    test try unlink use work write
    """,
    )
)


def every_help_text() -> Iterator[tuple[str, str]]:
    top = main.parser()
    top.format_help()
    (commands,) = (action for action in top._actions if isinstance(action, argparse._SubParsersAction))
    for listed in commands._choices_actions:
        yield listed.dest, listed.help or ""
        one = commands.choices[listed.dest]
        one.format_help()
        for action in one._actions:
            yield f"{listed.dest} {action.option_strings or action.dest}", action.help or ""


def test_every_help_text_is_a_verb_in_the_imperative() -> None:
    first = {where: re.split(r"[\s:;,]", says)[0] for where, says in every_help_text()}
    assert {where: word for where, word in first.items() if word not in IMPERATIVES} == {}


def test_no_help_text_is_of_a_flag_that_is_gone() -> None:
    (commands,) = (action for action in main.parser()._actions if isinstance(action, argparse._SubParsersAction))
    known = {f"help.{name}.{flag.dest}" for name, one in commands.choices.items() for flag in one._actions}
    known |= {f"help.{name}.does" for name in commands.choices}
    kept = {key for key in load_language("en").texts if re.fullmatch(r"help\.[a-z-]+\.\w+", key)}
    assert {key for key in kept - known if not key.startswith("help.all.")} == set()


def test_help_speaks_the_language_of_the_config(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('[athlete]\nlanguage = "de"\n')
    for words in (["--help"], ["log", "--help"], ["import", "-h"]):
        with pytest.raises(SystemExit) as ended:
            main.main(["--home", str(tmp_path), *words])
        shown = capsys.readouterr().out
        assert ended.value.code == 0
        assert shown.startswith("Aufruf: springstep")
        assert not re.search(r"usage:|options:|arguments:|\bthe\b|show this", shown), shown


def test_every_example_is_accepted_as_it_stands_and_shown() -> None:
    for name, lines in EXAMPLES.items():
        for line in lines:
            program, *words = shlex.split(line)
            assert (program, main.parser().parse_args(words).command) == ("springstep", name)
        assert lines[0] in _help_of(name)


def _help_of(command: str) -> str:
    (commands,) = (action for action in main.parser()._actions if isinstance(action, argparse._SubParsersAction))
    return str(commands.choices[command].format_help())


def run(capsys: pytest.CaptureFixture[str], home: Path, *words: str) -> tuple[int, str]:
    try:
        code = main.main(["--home", str(home), *words])
    except SystemExit as ended:
        code = int(ended.code or 0)
    return code, capsys.readouterr().err


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (
            ("restore", "2026-01-01"),
            "There is no nightly copy in backups/ yet. Nothing was changed. Name a file that `springstep backup` made.",
        ),
        (
            ("log", "flag", "xx"),
            "There is no flag called xx. Nothing was saved. To list the flags: springstep log flag",
        ),
        (
            ("import", "/nowhere"),
            "There is no file or folder /nowhere. Nothing was imported. Check the path and run the command again.",
        ),
        (
            ("why", "zzz"),
            "There is no run zzz. To see your runs with their ids: springstep runs",
        ),
    ],
)
def test_an_error_says_what_happened_what_was_kept_and_what_to_do(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, typed: tuple[str, ...], said: str
) -> None:
    assert run(capsys, tmp_path / "home", *typed) == (2, f"springstep: {said}\n")


def test_a_word_that_no_command_takes_gets_the_same_answer(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, said = run(capsys, tmp_path / "home", "plan", "jog", "tomorrow")
    assert code == 2
    assert said.startswith("springstep: “jog” doesn't fit KIND. Nothing was changed. Choose one of: easy, tempo, long,")


@pytest.mark.parametrize(
    ("typed", "said", "do"),
    [
        ("", "You didn't say what to do.", "To see all commands: springstep --help"),
        ("sttus", "There is no command called sttus.", "Did you mean: springstep status"),
        ("fly", "There is no command called fly.", "To see all commands: springstep --help"),
        ("restore", "Something is missing: DATE|FILE.", "To see what this command takes: springstep restore --help"),
        ("log pain 3", "“pain” doesn't fit stiffness|soreness|flag.", "Choose one of: stiffness, soreness, flag."),
        ("plan easy --at", "A value is missing after --at.", "To see what this command takes: springstep plan --help"),
        ("done --minutes 999", "“999” doesn't fit --minutes.", "To see what fits: springstep done --help"),
        ("run --port x", "“x” doesn't fit --port.", "To see what fits: springstep run --help"),
        ("dashboard --port 65536", "“65536” doesn't fit --port.", "To see what fits: springstep dashboard --help"),
        ("done --partial --skip ill", "--skip and --partial don't go together.", "Leave one of them out."),
        ("today --jsonn", "This command doesn't know “--jsonn”.", "To see what it takes: springstep today --help"),
    ],
)  # fmt: skip
def test_words_that_do_not_fit_are_answered_in_plain_words(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, typed: str, said: str, do: str
) -> None:
    assert run(capsys, tmp_path / "home", *typed.split()) == (2, f"springstep: {said} Nothing was changed. {do}\n")


def test_words_that_do_not_fit_are_answered_in_the_language_of_the_config(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "config.toml").write_text('[athlete]\nlanguage = "de"\n')
    code, said = run(capsys, tmp_path, "log", "Schmerz", "3")
    assert code == 2
    assert said.startswith("springstep: „Schmerz“ passt nicht zu stiffness|soreness|flag. Nichts wurde geändert. Wähle")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("fliege", "Es gibt keinen Befehl „fliege“. Nichts wurde geändert. Alle Befehle zeigt: springstep --help"),
        ("log flag nacht", "Es gibt kein Warnzeichen „nacht“. Nichts wurde gespeichert."),
        ("plan tempo yesterday", "ist schon vorbei. Nichts wurde geändert. Plane einen Lauf für heute oder"),
        ("--athlete tom today", "In der Konfiguration gibt es tom nicht. Nichts wurde geändert."),
        ("swap arch", "eine von: arch-lift, arch-lift-one-leg, arch-lift-standing."),
    ],
)
def test_a_slip_on_a_german_day(capsys: pytest.CaptureFixture[str], tmp_path: Path, typed: str, said: str) -> None:
    (tmp_path / "config.toml").write_text('[athlete]\nlanguage = "de"\n')
    code, answer = run(capsys, tmp_path, *typed.split())
    assert (code, said in answer) == (2, True), answer
    assert not (tmp_path / "outbox").exists()


@pytest.mark.parametrize(
    ("typed", "coming", "gone"),
    [
        ("monday", "2026-03-23", "2026-03-16"),
        ("freitag", "2026-03-27", "2026-03-20"),
        ("sunday", "2026-03-22", "2026-03-15"),
        ("Tuesday", "2026-03-24", "2026-03-17"),
        ("miércoles", "2026-03-25", "2026-03-18"),
        ("SABADO", "2026-03-21", "2026-03-14"),
        ("dom", "2026-03-22", "2026-03-15"),
        ("do", "2026-03-26", "2026-03-19"),
    ],
)
def test_a_weekday_lies_ahead_for_a_plan_and_behind_for_what_was(typed: str, coming: str, gone: str) -> None:
    friday = date(2026, 3, 20)
    assert (str(dates.day(typed, friday)), str(dates.day(typed, friday, past=True))) == (coming, gone)
    assert str(dates.instant_utc(f"{typed} 07:10", datetime(2026, 3, 20, 20), ZoneInfo("UTC")))[:10] == gone


def test_none_of_these_runs_is_not_none_at_all(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    main.main(["--home", str(tmp_path), "runs", "--since", "monday"])
    assert capsys.readouterr().out == "No such runs. To see all: springstep runs\n"


def test_a_question_of_the_self_check_names_the_command_that_asks_it(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    main.main(["--home", str(tmp_path), "today"])
    shown = capsys.readouterr().out
    assert "\n  springstep assess\n  springstep answer self_check_first:" in shown
    assert "QUESTION=ANSWER" not in shown


def test_taking_a_password_away_says_nothing_of_setting_one(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert run(capsys, tmp_path, "password", "--remove") == (
        0,
        "Runner no longer has a password and is signed out everywhere.\n",
    )


@pytest.mark.parametrize(
    ("message", "code", "values"),
    [
        ("something new", "cli.usage", {"problem": "something new"}),
        (
            "argument KIND: invalid choice: jog (choose from easy, tempo)",
            "cli.usage_choice",
            {"name": "KIND", "typed": "jog", "known": "easy, tempo"},
        ),
    ],
    ids=["no form", "choices as Python 3.14 writes them"],
)
def test_what_argparse_says_becomes_an_error_of_ours(message: str, code: str, values: dict[str, str]) -> None:
    made = usage_error(message, "springstep plan")
    assert (made.code, made.values) == (code, {**values, "command": "springstep plan"})


@pytest.mark.parametrize("code", ["en", "de"])
def test_an_error_of_the_command_line_says_what_was_kept(code: str) -> None:
    """Where nothing is there to be kept (no run yet, nothing linked) there is only what happened and what to do."""
    kept = re.compile(
        r"(Nothing|nothing) (was|to|is)|is kept|Nichts wurde|nichts (abzu|zu )|bleibt|not yet|yet\.|noch nichts"
    )
    language = load_language(code)
    errors = {key: text.text for key, text in language.texts.items() if re.fullmatch(r"error\.cli\.\w+\.says", key)}
    unkept = {key for key, text in errors.items() if not kept.search(text)}
    assert unkept == {"error.cli.which_prescription.says"}
