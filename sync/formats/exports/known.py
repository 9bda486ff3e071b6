"""The exports that are read, each by its own module, in the order in which they are asked."""

from __future__ import annotations

from collections.abc import Callable

from sync.formats.exports import endurain, fitbit, garmin_list, huawei, nike, own_words, polar, runtastic, samsung, zepp
from sync.formats.exports.document import Document
from sync.formats.tables.sheets import TableRead

Reader = Callable[[Document], TableRead | None]
OF_JSON: tuple[Reader, ...] = (
    garmin_list.read,
    fitbit.read,
    nike.read,
    polar.read_json,
    runtastic.read,
    huawei.read,
    endurain.read,
    own_words.read,
)
OF_TABLES: tuple[Reader, ...] = (polar.read_csv, zepp.read, samsung.read, own_words.read)


def read_export(document: Document) -> TableRead | None:
    """What the export holds, ``None`` when no module knows it."""
    readers = OF_TABLES if document.sheet is not None else OF_JSON
    return next((found for reader in readers if (found := reader(document)) is not None), None)
