"""User-facing text by key: TOML files, one per area and language, read once.

``load_language("de").say("reason.easy_finisher", minutes=6)`` fills the text with its values. A text is a string; a
table ``{ text = "...", benefit = true }`` when it speaks of what the work may do for the runner (such texts are always
shown beside both studies, S1); or a table of forms that a value chooses from, ``{ count = "rows", one = "1 row",
other = "{rows} rows" }``: a number alone stands for itself (``0``), ``>=180`` for that and more, and the rest are the
language's plural forms.

A language of ``drafts.toml`` was not yet signed by a native reader: its warning signs, stop lines and evidence have
the English beside them.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from rules import locale_forms
from rules.knowledge.languages import DRAFTS as DRAFTS
from rules.knowledge.languages import FALLBACK
from rules.knowledge.languages import FOLDER as HERE
from rules.knowledge.languages import languages as languages
from rules.knowledge.typed_toml import Keys, KnowledgeError, checked

DAY_STORED, SIGNED = re.compile(r"\d{4}-\d\d-\d\d"), re.compile(r"[+-]\d+(\.\d+)?")
FRACTION = re.compile(r"\d+\.\d+")
COUNTED = re.compile(r"[+-−]?\d+(\.\d+)?")
DAY = "cli.day"
AT_LEAST = ">="
SAFETY = re.compile(
    r"(flag|screen|evidence_note)\..*|reason\.(red_flag|stop)\w*|drill\..*\.stop|ui\.flags\..*|.*\.stop"
)
"""What a runner must not misread: shown in English beside a draft."""


@dataclass(frozen=True, slots=True)
class Text:
    text: str
    benefit: bool = False
    count: str | None = None
    """The value that chooses one of ``forms``; ``text`` is the form for the rest."""
    forms: Mapping[str, str] = field(default_factory=dict)
    english: str | None = None
    """What a text of a draft is in English."""
    beside: bool = False
    """Whether ``english`` ends ``text`` and each form in brackets."""

    def form(self, code: str, values: Mapping[str, Any]) -> str:
        if self.count is None or not COUNTED.fullmatch(said := str(values.get(self.count))):
            return self.text
        count = float(said.replace("−", "-"))
        if (exact := f"{count:g}") in self.forms:
            return self.forms[exact]
        bounds = [float(name.removeprefix(AT_LEAST)) for name in self.forms if name.startswith(AT_LEAST)]
        if reached := [bound for bound in bounds if bound <= count]:
            return self.forms[f"{AT_LEAST}{max(reached):g}"]
        return self.forms.get(locale_forms.plural(code, count), self.text)


class Bilingual(str):
    """A text of a draft that may be a word in another one: the draft's half of that one takes ``own``, the English
    beside it ``english``."""

    own: str
    english: str

    @classmethod
    def of(cls, shown: str, own: str, english: str) -> Bilingual:
        said = cls(shown)
        said.own, said.english = own, english
        return said


@dataclass(frozen=True, slots=True)
class Language:
    """Every text of one language, English filling what it lacks."""

    code: str
    texts: Mapping[str, Text]

    def say(self, key: str, /, **values: Any) -> str:
        """The text of ``key`` filled with ``values``. Raises KeyError for an unknown key or a missing value.

        A day is said with its weekday and month; a number below zero has a minus sign, not a hyphen, and zero has none;
        a fraction has the language's own decimal sign.
        """
        text = self.texts[key]
        form = text.form(self.code, values)
        if text.english is None:
            return form.format(**{name: self._said(value) for name, value in values.items()})
        fallback = Language(FALLBACK, self.texts)
        english = text.english.format(
            **{
                name: value.english if isinstance(value, Bilingual) else fallback._said(value)
                for name, value in values.items()
            }
        )
        if not text.beside:
            own = form.format(**{name: self._said(value) for name, value in values.items()})
            return Bilingual.of(own, own, english)
        own = form.removesuffix(f" ({text.english})").format(
            **{name: value.own if isinstance(value, Bilingual) else self._said(value) for name, value in values.items()}
        )
        return Bilingual.of(f"{own} ({english})", own, english)

    def _said(self, value: Any) -> Any:
        match value:
            case date() if not isinstance(value, datetime) and DAY in self.texts:
                return self.day(value)
            case str() if DAY_STORED.fullmatch(value):
                return self._said(date.fromisoformat(value))
            case str() if SIGNED.fullmatch(value):
                return self._number(value[1:] if not value.strip("+-0.") else value.replace("-", "−"))
            case str() if FRACTION.fullmatch(value):
                return self._number(value)
            case float():
                return self._number(f"{value:g}")
            case _:
                return value

    def day(self, day: date) -> str:
        """``Sun 22 Nov 2026``."""
        return locale_forms.said_day(self.code, self.texts[DAY].text, day)

    def day_in(self, key: str, day: date) -> str:
        """``Sunday`` where the text of ``key`` is the CLDR pattern ``EEEE``."""
        return locale_forms.said_day(self.code, self.texts[key].text, day)

    def month(self, day: date) -> str:
        """``November``."""
        own, english = (locale_forms.said_day(code, "LLLL", day) for code in (self.code, FALLBACK))
        return Bilingual.of(own, own, english) if self.code in DRAFTS else own

    def _number(self, said: str) -> str:
        return said.replace(".", locale_forms.number_signs(self.code)[0])

    def benefit(self, key: str) -> bool:
        return self.texts[key].benefit

    def __contains__(self, key: str) -> bool:
        return key in self.texts


@cache
def load_language(code: str, *folders: Path) -> Language:
    """The language ``code`` from the rules' own folder and ``folders``."""
    texts: dict[str, Text] = {}
    for language in dict.fromkeys((FALLBACK, code)):
        for folder in (HERE, *folders):
            for path in sorted(folder.glob(f"*.{language}.toml")):
                own = _flatten(tomllib.loads(path.read_text(encoding="utf-8")), file=path.name)
                texts.update({key: _shown(key, text, texts.get(key), language) for key, text in own})
    return Language(code, texts)


def _shown(key: str, own: Text, english: Text | None, language: str) -> Text:
    """A text of a draft with its English; one that must not be misread has that beside it."""
    if language not in DRAFTS or english is None:
        return own
    if not (english.benefit or SAFETY.fullmatch(key)):
        return replace(own, english=english.text)
    forms = {name: f"{form} ({english.text})" for name, form in own.forms.items()}
    text = f"{own.text} ({english.text})"
    return replace(own, text=text, forms=forms, benefit=english.benefit, english=english.text, beside=True)


_MARKED = Keys({"text": str}, {"benefit": bool})


def _flatten(tree: Mapping[str, Any], prefix: str = "", file: str = "") -> Iterator[tuple[str, Text]]:
    for name, value in tree.items():
        key = f"{prefix}{name}"
        if isinstance(value, str):
            yield key, Text(value)
        elif not isinstance(value, dict):
            raise KnowledgeError((f"{file}: `{key}` must be a text, not {value!r}",))
        elif isinstance(value.get("text"), str):
            told = checked({key: value}, Keys({key: _MARKED}), file)[key]
            yield key, Text(told["text"], told.get("benefit", False))
        elif isinstance(value.get("count"), str) and isinstance(value.get("other"), str):
            forms = {form: str(text) for form, text in value.items() if form != "count"}
            yield key, Text(forms.pop("other"), count=value["count"], forms=forms)
        else:
            yield from _flatten(value, f"{key}.", file)
