"""An answer keeps to the language that is known, also where the config that was named is missing or wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from sync.app.cli.spoken import locale_language, written_language
from tests.conftest import InProcess

MISSING = {
    "en": "There is no config at /nowhere.toml.",
    "de": "Unter /nowhere.toml liegt keine Konfiguration.",
    "es": "No hay ningún archivo de configuración en /nowhere.toml.",
}


@pytest.fixture(autouse=True)
def _no_locale(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG", "SPRINGSTEP_CONFIG"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("config", "environ", "code"),
    [
        (None, {}, "en"),
        ('[athlete]\nlanguage = "de"\n', {}, "de"),
        ('[athlete]\nlanguage = "es"\n', {"LANG": "de_DE.UTF-8"}, "es"),
        (None, {"LANG": "de_AT.UTF-8"}, "de"),
        (None, {"LC_ALL": "C", "LANG": "de_DE.UTF-8"}, "en"),
        (None, {"SPRINGSTEP_CONFIG": '[athlete]\nlanguage = "de"\n'}, "de"),
        # A draft is chosen by hand only.
        (None, {"LANG": "es_ES.UTF-8"}, "en"),
    ],
)
def test_a_config_that_is_missing_is_told_in_the_language_that_is_known(
    springstep: InProcess,
    home: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    config: str | None,
    environ: dict[str, str],
    code: str,
) -> None:
    if config is not None:
        (home / "config.toml").write_text(config)
    for name, value in environ.items():
        if name == "SPRINGSTEP_CONFIG":
            (tmp_path / "mine.toml").write_text(value)
            value = str(tmp_path / "mine.toml")
        monkeypatch.setenv(name, value)
    said = springstep("--config", "/nowhere.toml", "today")
    assert (said.code, said.err.split(" ", 1)[1].startswith(MISSING[code])) == (2, True), said.err


def test_a_config_with_a_mistake_still_says_the_language(springstep: InProcess, home: Path) -> None:
    (home / "config.toml").write_text('[athlete]\nlanguage = "de"\n[dashboard]\nport = 80\n')
    assert springstep("frobnicate").err.startswith("springstep: Es gibt keinen Befehl „frobnicate“")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('[athlete]\nlanguage = "de"\n[dashboard\n', "de"),
        ("  language='es'", "es"),
        ('# language = "de"\n', None),
        ('language = "xx"\nlanguage = "de"\n', "de"),
        ("", None),
    ],
)
def test_the_language_a_broken_config_names(tmp_path: Path, text: str, code: str | None) -> None:
    (tmp_path / "config.toml").write_text(text)
    assert (written_language(tmp_path / "config.toml"), written_language(tmp_path / "none")) == (code, None)


@pytest.mark.parametrize(
    ("environ", "code"),
    [
        ({}, None),
        ({"LANG": "de"}, "de"),
        ({"LANG": "DE_de@euro"}, "de"),
        ({"LC_ALL": "", "LC_MESSAGES": "de_CH", "LANG": "en_GB"}, "de"),
        ({"LANG": "fr_FR.UTF-8"}, None),
        ({"LANG": "C.UTF-8"}, None),
    ],
)
def test_the_language_of_a_locale(environ: dict[str, str], code: str | None) -> None:
    assert locale_language(environ) == code
