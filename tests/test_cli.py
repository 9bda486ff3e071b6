"""The command line: what it answers, what it says, and the exit code, with nobody owning the store."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import sys
from argparse import Namespace
from pathlib import Path
from typing import Any

import pytest

from sync.app.cli import main, serve
from sync.app.cli.command import CliCommand, Context
from sync.service import outbox
from sync.settings.config import load_config as load_config
from sync.settings.config_example import example_path
from sync.settings.paths import DataDir
from tests.shell import InProcess, write_runs

pytestmark = pytest.mark.usefixtures("_logging_restored")

CONTRACT = set("demo run daemon dashboard import runs today status why log done label plan rebuild".split())  # noqa: SIM905


def test_every_command_of_the_contract_is_there_and_explained(springstep: InProcess) -> None:
    said = springstep("--help")
    listed = [line.split()[0] for line in said.out.splitlines() if line.startswith("    ") and line[4] != " "]
    assert said.code == 0
    assert set(listed) >= CONTRACT
    assert {command.name for command in main.COMMANDS} == set(listed)
    for command in listed:
        assert springstep(command, "--help").code == 0


@pytest.mark.parametrize("module", ["sync.app.cli.main", "sync.wire.commands", "sync.service.client"])
def test_what_every_command_loads_first_loads_nothing_heavy(module: str) -> None:
    """Arrays and the store cost more time than most commands take."""
    code = f"import sys, {module}; print(sorted({{'numpy', 'pyarrow', 'duckdb', 'streamlit'}} & sys.modules.keys()))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_command_of_its_own_process_imports_nothing_for_being_there(home: Path) -> None:
    command = [sys.executable, "-X", "importtime", "-m", "sync", "--home", str(home), "status"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    imported = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert {"duckdb", "structlog.dev", "pydantic"} <= imported
    assert {
        "pandas.core",
        "rich.console",
        "requests.sessions",
    } & imported == set()  # what is asked for and not found stands there too


@pytest.mark.parametrize("command", ["today", "status", "runs"])
def test_an_empty_home_answers_and_nothing_is_made(springstep: InProcess, home: Path, command: str) -> None:
    said = springstep(command)
    assert (said.code, said.err) == (0, "")
    assert said.out.strip()
    assert json.loads(springstep(command, "--json").out) is not None
    assert list(home.iterdir()) == []


def test_an_empty_store_says_what_to_do_next(springstep: InProcess) -> None:
    said = springstep("today", "--json")
    assert (said.code, said.json["empty"]) == (0, True)
    assert "springstep import" in " ".join(said.json["next_steps"])


def test_import_adds_up_twice(springstep: InProcess, tmp_path: Path) -> None:
    write_runs(tmp_path / "in", 2)
    (tmp_path / "in" / "notes.txt").write_text("not a run")
    (tmp_path / "in" / "broken.fit").write_bytes(b"\x0e\x10garbage")
    first = springstep("import", tmp_path / "in")
    assert first.code == 1
    assert first.out.splitlines() == [
        "Files: 4 found = 2 imported + 0 duplicate + 1 ignored + 1 with a problem",
        "Recordings: 2 = 2 runs + 0 copies of runs you had + 0 other activities",
    ]
    assert first.err.startswith("Problem: broken.fit: ")
    again = springstep("import", tmp_path / "in", "--json", "--verbose")
    assert (again.code, again.json["duplicate"], again.json["runs"]) == (1, 2, 0)
    assert "Ignored: notes.txt" in again.err
    runs = springstep("runs", "--json").json
    assert [run["source_files"] for run in sorted(runs, key=lambda run: run["start_utc"])] == [
        ["run000.fit"],
        ["run001.fit"],
    ]
    assert [run["id"] for run in runs] == sorted(run["id"] for run in runs)
    for run in runs:
        assert springstep("why", run["id"]).out.strip()
        assert springstep("why", run["id"][:6], "--json").json["run"]["id"] == run["id"]
    assert len(springstep("runs").out.splitlines()) == 2
    assert "1 of 2" in springstep("runs", "--limit", "1").out
    assert springstep("runs", "--until", "2026-03-01", "--json").json[0]["day"] == "2026-03-01"
    assert springstep("rebuild").code == 0
    assert springstep("runs", "--json").json == runs


def test_a_run_can_be_said_to_be_none_and_back(springstep: InProcess, tmp_path: Path, home: Path) -> None:
    springstep("import", *write_runs(tmp_path, 1))
    (run,) = springstep("runs", "--json").json
    assert springstep("label", run["id"][:6], "not-a-run").code == 0
    _take_in_outbox(springstep, tmp_path)
    assert springstep("runs", "--json").json == []
    assert springstep("label", run["id"], "run").code == 0
    _take_in_outbox(springstep, tmp_path)
    assert [one["id"] for one in springstep("runs", "--json").json] == [run["id"]]
    assert springstep("label", "last", "easy").code == 0
    _take_in_outbox(springstep, tmp_path)
    (after,) = springstep("runs", "--json").json
    assert (after["primary"], after["intensity"], after["corrected"]) == ("easy", "easy", True)


def test_a_backup_brings_everything_back_and_keeps_what_it_replaces(
    springstep: InProcess, home: Path, tmp_path: Path
) -> None:
    springstep("import", *write_runs(tmp_path, 2))
    before = springstep("runs", "--json").json
    assert springstep("backup", tmp_path / "all.tar").code == 0
    shutil.rmtree(home)
    assert springstep("runs", "--json").json == []
    assert springstep("restore", tmp_path / "all.tar").code == 0
    assert springstep("runs", "--json").json == before
    again = springstep("restore", tmp_path / "all.tar")
    assert again.code == 0
    assert "What was there before is kept in" in again.err
    assert springstep("rebuild").code == 0
    assert springstep("runs", "--json").json == before
    for nothing in (tmp_path / "gone.tar", tmp_path / "run000.fit"):
        assert springstep("restore", nothing).code == 2
    assert springstep("runs", "--json").json == before
    assert springstep("backup", tmp_path / "no" / "folder.tar").code == 2


def test_an_export_holds_what_the_runner_gave(springstep: InProcess, tmp_path: Path) -> None:
    springstep("import", *write_runs(tmp_path / "in", 2))
    springstep("log", "stiffness", "4", "--note", "=1+1")
    assert springstep("export", tmp_path / "out").code == 0
    runs = json.loads((tmp_path / "out" / "runs.json").read_text())
    assert {run["id"] for run in runs} == {run["id"] for run in springstep("runs", "--json").json}
    with (tmp_path / "out" / "diary.csv").open(encoding="utf-8", newline="") as file:
        (entry,) = csv.DictReader(file)
    assert (entry["score"], entry["note"]) == ("4", "'=1+1")
    assert (tmp_path / "out" / "sessions.csv").read_text().startswith("session_id,")
    assert springstep("export", tmp_path / "out").code == 2


def test_a_table_that_nobody_can_read_is_said_when_it_was_named(springstep: InProcess, tmp_path: Path) -> None:
    notes = tmp_path / "in" / "notes.csv"
    notes.parent.mkdir()
    notes.write_text("name,age\nsomebody,4\n")
    assert "notes.csv: not an activity file" in springstep("import", notes).err
    assert springstep("import", notes.parent).err == ""


def test_nothing_linked_is_an_exit_code_for_programs_too(springstep: InProcess) -> None:
    said = springstep("sync", "--json")
    assert (said.code, said.json) == (2, {"passes": []})


def test_the_signs_are_listed_for_programs_too(springstep: InProcess) -> None:
    assert "numb" in {sign["flag"] for sign in springstep("log", "flag", "--json").json}


def _take_in_outbox(springstep: InProcess, tmp_path: Path) -> None:
    """Any owner takes in what waits, also one that imports an empty folder."""
    (tmp_path / "nothing").mkdir(exist_ok=True)
    assert springstep("import", tmp_path / "nothing").code == 0


@pytest.mark.parametrize(
    ("words", "command"),
    [
        (
            ["log", "stiffness", "3", "--where", "heel", "--side", "left", "--when", "waking", "--note", "ü"],
            {"what": "stiffness", "score": 3, "place": "heel", "side": "left", "when": "waking", "note": "ü"},
        ),
        (["log", "soreness", "0", "--at", "2026-07-01 07:10"], {"name": "log", "at_utc": "2026-07-01T05:10:00"}),
        (["log", "flag", "numb"], {"name": "flag", "flag": "numb"}),
        (["done", "--minutes", "6.5", "--partial"], {"name": "done", "state": "partial", "minutes": 6.5}),
        (["done", "--skip", "ill"], {"name": "done", "state": "skipped", "reason": "ill"}),
        (
            ["plan", "tempo", "2026-12-01", "--at", "6:30"],
            {"name": "plan", "day": "2026-12-01", "kind": "tempo", "start_local": "06:30"},
        ),
        (["plan", "nothing", "2026-12-01"], {"name": "plan", "kind": None}),
        (["plan", "rest", "2026-12-01"], {"name": "plan", "kind": "rest"}),
        (["pause", "travel", "--until", "2126-12-01"], {"reason": "travel", "until_day": "2126-12-01"}),
        (["resume"], {"name": "resume"}),
    ],
)  # fmt: skip
def test_what_is_typed_waits_whole_in_the_outbox(
    springstep: InProcess, home: Path, words: list[str], command: dict[str, Any]
) -> None:
    (home / "config.toml").write_text('[athlete]\nid = "ada"\ntime_zone = "Europe/Berlin"\n')
    said = springstep(*words)
    assert said.code == 0
    assert "saves it as soon as it runs" in said.out
    (waiting,) = outbox.waiting(DataDir(home).outbox)
    stored = waiting.model_dump(mode="json")
    assert stored["athlete"] == "ada"
    assert {name: stored[name] for name in command} == command


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["log", "stiffness", "11"], 2, "from 0 to 10"),
        (["log", "stiffness"], 2, "from 0 to 10"),
        (["log", "stiffness", "3", "--at", "noon"], 2, "isn't a time"),
        (["log", "flag", "numbb"], 2, "Did you mean numb?"),
        (["log", "stiffness", "3", "--where", "knee"], 2, "“knee” doesn't fit --where"),
        (["plan", "tempo", "someday"], 2, "isn't a day"),
        (["plan", "tempo", "today", "--at", "25:00"], 2, "isn't a time of day"),
        (["label", "last", "easy"], 2, "You have no runs yet"),
        (["label", "last"], 2, "Name its kind"),
        (["label", "x", "easy", "--undo"], 2, "Name its kind"),
        (["label", "nothing", "easy"], 2, "There is no run nothing"),
        (["split", "nothing"], 2, "There is no run nothing"),
        (["merge", "nothing", "neither"], 2, "There is no run nothing"),
        (["done", "nothing"], 2, "There is no foot work nothing"),
        (["done", "--minutes", "-3"], 2, "“−3” doesn't fit --minutes"),
        (["done", "--minutes", "nan"], 2, "“nan” doesn't fit --minutes"),
        (["done", "--minutes", "soon"], 2, "“soon” doesn't fit --minutes"),
        (["pause", "ill", "--until", "yesterday"], 2, "is already over"),
        (["runs", "--kind", "fast"], 2, "“fast” doesn't fit --kind"),
        (["sync"], 2, "No source is linked"),
        (["runs", "--limit", "-1"], 2, "“−1” doesn't fit --limit"),
        (["why", "nothing"], 2, "There is no run"),
        (["import", "/nowhere/at/all"], 2, "There is no file or folder"),
        (["--athlete", "cleo", "today"], 2, "no runner called cleo"),
        (["--config", "/nowhere.toml", "today"], 2, "There is no config"),
        (["frobnicate"], 2, "There is no command called frobnicate"),
        ([], 2, "You didn't say what to do"),
    ],
)
def test_a_mistake_is_one_sentence_and_exit_code_2(
    springstep: InProcess, words: list[str], code: int, says: str
) -> None:
    said = springstep(*words)
    assert (said.code, said.out) == (code, "")
    assert says in said.err


def test_a_wrong_config_names_every_mistake(springstep: InProcess, home: Path) -> None:
    (home / "config.toml").write_text("[dashboard]\nport = 80\n[inbx]\n")
    said = springstep("today")
    assert said.code == 2
    assert said.err.splitlines() == [
        "config.toml: [dashboard] port must be a whole number from 1024 to 65535, not 80",
        "config.toml: there is no section [inbx]; did you mean [inbox]?",
    ]


def test_a_home_that_is_a_file_is_said(springstep: InProcess, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    said = springstep("--home", tmp_path / "file", "log", "stiffness", "3")
    assert said.code == 2
    assert "can't be used as springstep's home folder" in said.err


def test_a_store_that_is_no_store_is_one_line_and_no_traceback(springstep: InProcess, home: Path) -> None:
    (home / "springstep.duckdb").write_bytes(b"not a database" * 1000)
    said = springstep("runs")
    assert said.code in (1, 2, 3)
    assert len(said.err.strip().splitlines()) == 1


def test_a_mistake_of_ours_is_one_line_and_the_log_has_the_rest(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumble(context: Context, given: Namespace) -> int:
        raise ZeroDivisionError("token=s3cr3t")

    stumbling = tuple(CliCommand(one.name, stumble) if one.name == "today" else one for one in main.COMMANDS)
    monkeypatch.setattr(main, "COMMANDS", stumbling)
    assert main.main(["--home", str(home), "today"]) == 1
    out, err = capsys.readouterr()
    log_file = home / "log" / "commands.log"
    assert (out, err) == (
        "",
        f"springstep: something went wrong inside (ZeroDivisionError); {log_file} has the details.\n",
    )
    logged = log_file.read_text()
    assert "ZeroDivisionError" in logged
    assert "s3cr3t" not in logged


def test_the_self_check_asks_each_question_and_stores_what_was_answered(
    springstep: InProcess, home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    answers = iter(["n", "", "n", "11", "5", "6", *[""] * 6, "banana", "3", "y"])
    lines = (f"{answer}\n" for answer in answers)

    class Typist:
        def readline(self) -> str:
            return next(lines, "\n")

    monkeypatch.setattr("sys.stdin", Typist())
    assert springstep("assess").code == 0
    (waiting,) = outbox.waiting(DataDir(home).outbox)
    assert waiting.screen == {"diabetes_or_numb": False, "under_18": False}
    assert waiting.left["range_0_10"] == 5
    assert waiting.right["range_0_10"] == 6


def test_a_first_start_writes_a_config_of_comments_that_names_the_example(home: Path) -> None:
    from sync.app.cli.command import Context

    context = Context(home=DataDir(home), config_path=home / "config.toml", athlete_name=None)
    serve.settle_in(context)
    written = (home / "config.toml").read_text(encoding="utf-8")
    assert all(line.startswith("#") for line in written.splitlines())
    assert str(example_path()) in written
    assert load_config(home / "config.toml") == context.config
    (home / "config.toml").write_text("[logs]\nfiles = 2\n")
    serve.settle_in(context)
    assert (home / "config.toml").read_text() == "[logs]\nfiles = 2\n"
