"""The config file: defaults, the example that spells them out, and mistakes said in the file's words."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml

from rules.knowledge.thresholds import threshold_rows
from sync.errors import PersonMustAct
from sync.settings.config import Config, ConfigMistakes, Section, from_tree, load_config, parse

ROOT = Path(__file__).parent.parent
EXAMPLE = ROOT / "config.example.toml"
CASES = yaml.safe_load((ROOT / "tests" / "cases" / "config_mistakes.yaml").read_text(encoding="utf-8"))


def test_the_example_equals_the_defaults() -> None:
    assert load_config(EXAMPLE) == Config()


def test_the_example_holds_every_key_and_a_line_of_why_above_each() -> None:
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
    for heading, model in _sections():
        start = lines.index(f"[{heading}]")
        end = next((n for n in range(start + 1, len(lines)) if lines[n].startswith("[")), len(lines))
        body = lines[start:end]
        for key in model.model_fields:
            at = next((n for n, line in enumerate(body) if re.match(rf"(# )?{key} = ", line)), None)
            assert at is not None, f"[{heading}] {key} is missing"
            assert body[at - 1].startswith("# "), f"[{heading}] {key} has no line of why"


def test_the_example_lists_every_threshold_as_the_rules_know_it() -> None:
    expected = "".join(
        f"# {row.why} ({row.unit}, {row.least:g} to {row.most:g})\n# {row.name} = {row.value}\n"
        for row in threshold_rows().values()
    )
    text = EXAMPLE.read_text(encoding="utf-8")
    assert expected in text, f"the list under [rules] should read:\n{expected}"


def test_the_example_has_no_key_that_does_not_exist_even_commented_out() -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    spelt_out = re.sub(r"^# (?=(\[\[?\w+\]\]?|\w+ = .*)$)", "", text, flags=re.MULTILINE)
    assert from_tree(tomllib.loads(spelt_out)).others[0].name == "Sam"


@pytest.mark.parametrize("code", ["en", "de"])
def test_a_text_names_only_settings_that_exist(code: str) -> None:
    known = {heading: set(model.model_fields) for heading, model in _sections()}
    folders = (ROOT / "rules" / "knowledge" / "language", ROOT / "dashboard" / "language")
    texts = "".join(path.read_text(encoding="utf-8") for folder in folders for path in folder.glob(f"*.{code}.toml"))
    # [testing] redirect_{name} is made of a source's name.
    named = [one for one in re.findall(r"[ \"`]\[([a-z]+)\] ([a-z_]+\b)?", texts) if one[0] != "testing"]
    assert {heading for heading, _ in named} <= set(known)
    assert {(heading, key) for heading, key in named if "_" in key} <= {
        (heading, key) for heading, keys in known.items() for key in keys
    }


def test_no_file_at_all_is_a_sound_config() -> None:
    assert parse("") == Config()
    assert ZoneInfo(Config().athlete().time_zone)


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_mistakes_are_said_all_at_once_in_the_files_words(case: dict[str, object]) -> None:
    with pytest.raises(ConfigMistakes) as caught:
        parse(str(case["toml"]))
    assert list(caught.value.mistakes) == case["says"]


def test_a_runner_is_found_by_id_and_by_name_in_any_case() -> None:
    config = parse('[athlete]\nid="ada"\nname="Ada L."\n[[athletes]]\nid="bo"\nname="Bo"\nunits="mi"')
    assert config.athlete() == config.athletes[0]
    assert config.athlete("ADA l.").id == config.athlete("ada").id == "ada"
    assert config.athlete("Bo").units == "mi"
    with pytest.raises(PersonMustAct, match=r"settings\.no_runner_guess"):
        config.athlete("adaa")


def test_watched_folders_of_the_inbox_belong_to_the_first_runner() -> None:
    config = parse(
        '[inbox]\nfolders=["/watch"]\n[athlete]\nfolders=["/mine"]\n[[athletes]]\nid="b"\nname="B"\nfolders=["/b"]'
    )
    first, second = config.athletes
    assert config.folders(first) == (Path("/watch"), Path("/mine"))
    assert config.folders(second) == (Path("/b"),)


def test_a_file_that_is_not_there_or_no_text_is_said_without_a_traceback(tmp_path: Path) -> None:
    with pytest.raises(PersonMustAct, match=r"settings\.config_unreadable"):
        load_config(tmp_path / "config.toml")
    (tmp_path / "config.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigMistakes, match="not text in UTF-8"):
        load_config(tmp_path / "config.toml")


def _sections() -> list[tuple[str, type[Section]]]:
    found = []
    for name, field in Config.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, Section):
            found.append((field.alias or name, field.annotation))
    return found
