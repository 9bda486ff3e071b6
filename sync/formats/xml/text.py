"""XML from strangers: parsed without entities and external files, mended where it can mean one thing only.

What is mended: an end that is missing, a lone ``&`` or ``<`` in words, characters that XML forbids, prefixes that were
never declared, numbers and clocks in the writer's own digits, with decimal commas or dotted clocks.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from html.entities import html5
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from sync.formats.notation import common_year, loose_instant, plain_instant, plain_number
from sync.formats.outcome import Unreadable

BLANKS = b" \t\r\n\v\f"
TAG = re.compile(
    r"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>|<(/?)([\w:.-]++)(?:[^<>\"']|\"[^\"]*\"|'[^']*')*?(/?)>", re.DOTALL
)
"""A name is taken whole: of a long one that ends no tag, the rest would be looked over from each of its letters."""
UNTOUCHED = (("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>"))
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
FORBIDDEN_REFERENCE = re.compile(r"&#(?:x([0-9a-fA-F]{1,6})|(\d{1,7}));")
LITERAL = re.compile(r"(<!\[CDATA\[.*?\]\]>|<!--.*?-->|<\?.*?\?>)", re.DOTALL)
NAMED_REFERENCE = re.compile(r"&(\w{2,31});")
LONE_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9a-fA-F]{1,6});)")
LONE_LESS = re.compile(r"<(?![A-Za-z_/!?:\u00c0-\uffff])")
OWN_NAMES = frozenset({"amp", "lt", "gt", "quot", "apos"})
PREFIX = re.compile(r"(?:</?|\s)([A-Za-z_][\w.-]*):[A-Za-z_][\w.-]*(?=[\s=/>])")
DECLARED = re.compile(r"xmlns:([\w.-]+)\s*=")
ROOT = re.compile(r"<[A-Za-z_][\w:.-]*")
PREFIXES = {
    "gpxtpx": "http://www.garmin.com/xmlschemas/TrackPointExtension/v1",
    "gpxx": "http://www.garmin.com/xmlschemas/GpxExtensions/v3",
    "gpxdata": "http://www.cluetrust.com/XML/GPXDATA/1/0",
    "xsi": "http://www.w3.org/2001/XMLSchema-instance",
    "ns3": "http://www.garmin.com/xmlschemas/ActivityExtension/v2",
}
OWN_NOTATION = re.compile(r"[\"'>][-+]?\d{1,3},\d+[\"'<]|\d[T ]\d{1,2}\.\d{2}(?:\.\d{2})?")
POSITION = re.compile(r"(\b(?:lat|lon)\s*=\s*[\"'])([^\"'<>]{1,40})([\"'])")
VALUE = re.compile(r">([^<>A-SU-Ya-y]{1,40})<")
"""Words have letters; an instant has T and Z at most, and "z" is as good."""
DECLARATION = re.compile(r"^<\?xml[^>]*\?>")
ENCODING = re.compile(rb"^<\?xml[^>]*encoding\s*=\s*[\"']([\w.-]+)[\"']")
WITHOUT_MARK = ((b"<\0?\0", "utf-16-le"), (b"\0<\0?", "utf-16-be"), (b"<\0g\0", "utf-16-le"), (b"<\0T\0", "utf-16-le"))
"""How a document of two bytes a letter begins that has no mark before it."""
LONE_DIGIT = re.compile(r"(?<![\d.,])\d(?!\d)")


class Dangerous(Exception):
    """The document declares entities or reaches for other files."""


@dataclass(frozen=True, slots=True)
class Parsed:
    root: Element
    whole: bool
    """False when it was cut short and what is left of it was closed."""
    mended: tuple[str, ...] = ()
    """What had to be mended: ``ampersand``, ``character``, ``prefix``, ``end``."""

    @property
    def marks(self) -> dict[str, Any]:
        """What a recording says of it in its ``extra``; a missing end makes it partial, which is a mark already."""
        named = [one for one in self.mended if one != "end"]
        return {"mended": ", ".join(named)} if named else {}


def as_text(data: bytes) -> str | None:
    """The document without blanks before it and without its declaration; ``None`` when its encoding is not known."""
    data = data.lstrip(BLANKS)
    for mark, name in ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if data.startswith(mark):
            encoding = name
            break
    else:
        declared = ENCODING.match(data[:200])
        encoding = declared[1].decode("ascii") if declared else "utf-8"
        if encoding.casefold().startswith(("utf-16", "utf-32", "ucs", "unicode")):
            # Words that can be read as they lie have one byte a letter, whatever they say.
            encoding = "utf-8"
        encoding = next((name for begins, name in WITHOUT_MARK if data.startswith(begins)), encoding)
    try:
        text = data.decode(encoding, "replace")
    except (LookupError, UnicodeError):  # Some that Python knows are none of a text's.
        return None
    # The text is Unicode by now: a declaration that names an encoding would be untrue.
    return DECLARATION.sub("", text.lstrip("\ufeff \t\r\n\v\f"), count=1).lstrip()


def root_name(data: bytes) -> str | None:
    """The first element's name without prefix, ``None`` when this is no XML. Looks at the beginning only."""
    text = as_text(data[:8192])
    if text is None or not text.startswith("<"):
        return None
    for found in TAG.finditer(text):
        if found[2] is not None:
            return found[2].rpartition(":")[2]
    return None


def parse(data: bytes, point: str) -> Parsed | None:
    """The document; cut after the last whole ``point`` element and closed there when its end is missing.

    ``None`` when nothing can be parsed. Raises ``Dangerous`` for entities, DTD tricks and external references.
    """
    text = as_text(data)
    if text is None:
        return None
    text = in_plain_notation(text)
    try:
        return Parsed(_safe(text), whole=True)
    except ParseError:
        pass
    mended, how = mend(text)
    if how:
        try:
            return Parsed(_safe(mended), whole=True, mended=how)
        except ParseError:
            pass
    cut = _cut(mended, point)
    if cut is None:
        return None
    try:
        return Parsed(_safe(cut), whole=False, mended=(*how, "end"))
    except ParseError:
        return None


def unreadable(data: bytes) -> Unreadable:
    """Why nothing could be parsed: cut short, or whole and wrong in a line, which getting it again never mends."""
    text = mend(as_text(data) or "")[0]
    root = root_name(data)
    try:
        _safe(text)
    except ParseError as error:
        # The declaration and blanks before it are gone from the text.
        line = getattr(error, "position", (0, 0))[0] + max(data.count(b"\n") - text.count("\n"), 0)
        if root is not None and re.search(rf"</(?:[\w.-]+:)?{re.escape(root)}\s*>\s*$", text[-200:]):
            return Unreadable("xml-wrong", f"{line}")
    except Dangerous:
        pass
    return Unreadable("xml-damaged")


def mend(text: str) -> tuple[str, tuple[str, ...]]:
    """The text with what can mean one thing only put right, and what that was."""
    how: list[str] = []
    text = _until_broken_off(text)
    for name, mender in (("character", _allowed), ("ampersand", _escaped), ("prefix", _declared)):
        after = mender(text)
        if after != text:
            how.append(name)
            text = after
    return text, tuple(how)


def _allowed(text: str) -> str:
    """Without the control characters that no XML may hold, and references to them."""
    return FORBIDDEN.sub("", FORBIDDEN_REFERENCE.sub(_kept_reference, text))


def _kept_reference(found: re.Match[str]) -> str:
    code = int(found[1], 16) if found[1] else int(found[2])
    allowed = (
        code in (0x9, 0xA, 0xD) or 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or 0x10000 <= code <= 0x10FFFF
    )
    return found[0] if allowed else ""


def _escaped(text: str) -> str:
    """A lone ``&``, names that only HTML knows, and a ``<`` that begins no tag, as the words they stand for."""
    if "<!DOCTYPE" in text[:2000]:
        # It may declare names of its own: those are for `Dangerous` to judge.
        return text
    parts = LITERAL.split(text)
    for place in range(0, len(parts), 2):
        part = NAMED_REFERENCE.sub(_as_character, parts[place])
        parts[place] = LONE_LESS.sub("&lt;", LONE_AMPERSAND.sub("&amp;", part))
    return "".join(parts)


def _as_character(found: re.Match[str]) -> str:
    name = f"{found[1]};"
    return html5[name] if name in html5 and found[1] not in OWN_NAMES else found[0]


def _declared(text: str) -> str:
    """With each undeclared prefix declared at the root: by its usual meaning, any other by itself."""
    used = set(PREFIX.findall(text)) - set(DECLARED.findall(text)) - {"xml", "xmlns"}
    root = ROOT.search(text)
    if not used or root is None:
        return text
    names = "".join(f' xmlns:{prefix}="{PREFIXES.get(prefix, f"urn:undeclared:{prefix}")}"' for prefix in sorted(used))
    return text[: root.end()] + names + text[root.end() :]


def in_plain_notation(text: str) -> str:
    """Numbers and instants between tags and in positions as XML means them, whatever the writer's country."""
    if not (OWN_NOTATION.search(text) or not text.isascii()):
        return text
    text = POSITION.sub(lambda found: f"{found[1]}{plain_number(found[2])}{found[3]}", text)
    return VALUE.sub(lambda found: f">{_plain_value(found[1])}<", text)


def _plain_value(value: str) -> str:
    plain = plain_instant(value)
    return plain if plain != value.strip() else plain_number(value)


def _safe(text: str) -> Element:
    try:
        root: Element = fromstring(text, forbid_dtd=False, forbid_entities=True, forbid_external=True)
    except DefusedXmlException as error:
        raise Dangerous(type(error).__name__) from error
    except (ValueError, LookupError, RecursionError) as error:
        raise ParseError(str(error)) from error
    return root


def _until_broken_off(text: str) -> str:
    """What is opened and never closed would be searched to the end from each opener again."""
    for opener, closer in UNTOUCHED:
        broken_off = text.find(opener, text.rfind(closer) + 1)
        text = text if broken_off < 0 else text[:broken_off]
    return text


def _cut(text: str, point: str) -> str | None:
    """The text up to the last closed ``point``, with what is open there closed."""
    text = _until_broken_off(text)
    open_tags: list[str] = []
    kept_until, open_then = 0, list[str]()
    for found in TAG.finditer(text):
        closing, name, empty = found[1], found[2], found[3]
        if name is None or empty:
            continue
        if not closing:
            open_tags.append(name)
            continue
        if not open_tags or open_tags.pop() != name:
            break
        if name.rpartition(":")[2] == point:
            kept_until, open_then = found.end(), list(open_tags)
    if not kept_until:
        return None
    return text[:kept_until] + "".join(f"</{name}>" for name in reversed(open_then))


def local(element: Element) -> str:
    """The element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def child(element: Element | None, *path: str) -> Element | None:
    """The first descendant along ``path``, whatever the namespaces."""
    for name in path:
        if element is None:
            return None
        element = next(children(element, name), None)
    return element


def children(element: Element, name: str) -> Iterator[Element]:
    """The element's own children of that name, whatever their namespaces."""
    return (inner for inner in element if local(inner) == name)


def words(element: Element | None) -> str | None:
    if element is None or element.text is None:
        return None
    return element.text.strip() or None


def xml_number(element: Element | None) -> float | None:
    """The element's number; ``None`` for none, NaN and infinity."""
    return number(None if element is None else element.text)


def number(text: str | None) -> float | None:
    """The number written; a comma is the decimal mark where no point is. ``None`` for none, NaN and infinity."""
    text = text or ""
    try:
        value = float(text if "." in text else text.replace(",", "."))
    except ValueError:
        return None
    return value if abs(value) < float("inf") else None


def xml_instant(text: str | None) -> tuple[datetime, int | None] | None:
    """A naive UTC instant and the offset the text names, ``None`` for "Z" and for a time without a zone.

    A time without a zone is taken for UTC, as both formats demand. Some writers leave leading zeros out.
    """
    text = (text or "").strip()
    try:
        try:
            moment = datetime.fromisoformat(LONE_DIGIT.sub(r"0\g<0>", text))
        except ValueError:
            moment = datetime.fromisoformat(loose_instant(text))
        if (year := common_year(moment.year)) != moment.year:
            moment = moment.replace(year=year)
        offset = moment.utcoffset()
        if offset is None:
            return moment, None
        utc = moment.astimezone(UTC).replace(tzinfo=None)
    except (ValueError, OverflowError):
        return None
    return utc, round(offset.total_seconds()) or None
