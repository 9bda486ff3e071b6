"""XML from strangers: parsed without entities and external files, mended when it was cut short."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

BLANKS = b" \t\r\n\v\f"
TAG = re.compile(
    r"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>|<(/?)([\w:.-]++)(?:[^<>\"']|\"[^\"]*\"|'[^']*')*?(/?)>", re.DOTALL
)
"""A name is taken whole: of a long one that ends no tag, the rest would be looked over from each of its letters."""
UNTOUCHED = (("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>"))
DECLARATION = re.compile(r"^<\?xml[^>]*\?>")
ENCODING = re.compile(rb"^<\?xml[^>]*encoding\s*=\s*[\"']([\w.-]+)[\"']")
LONE_DIGIT = re.compile(r"(?<![\d.,])\d(?!\d)")


class Dangerous(Exception):
    """The document declares entities or reaches for other files."""


@dataclass(frozen=True, slots=True)
class Parsed:
    root: Element
    whole: bool
    """False when it was cut short and what is left of it was closed."""


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
    try:
        return Parsed(_safe(text), whole=True)
    except ParseError:
        mended = _cut(text, point)
    if mended is None:
        return None
    try:
        return Parsed(_safe(mended), whole=False)
    except ParseError:
        return None


def _safe(text: str) -> Element:
    try:
        root: Element = fromstring(text, forbid_dtd=False, forbid_entities=True, forbid_external=True)
    except DefusedXmlException as error:
        raise Dangerous(type(error).__name__) from error
    except (ValueError, LookupError, RecursionError) as error:
        raise ParseError(str(error)) from error
    return root


def _cut(text: str, point: str) -> str | None:
    """The text up to the last closed ``point``, with what is open there closed."""
    for opener, closer in UNTOUCHED:
        # What is opened and never closed would be searched to the end from each opener again.
        broken_off = text.find(opener, text.rfind(closer) + 1)
        text = text if broken_off < 0 else text[:broken_off]
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
    try:
        moment = datetime.fromisoformat(LONE_DIGIT.sub(r"0\g<0>", (text or "").strip()))
        offset = moment.utcoffset()
        if offset is None:
            return moment, None
        utc = moment.astimezone(UTC).replace(tzinfo=None)
    except (ValueError, OverflowError):
        return None
    return utc, round(offset.total_seconds()) or None
