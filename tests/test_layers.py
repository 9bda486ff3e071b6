"""Who may import whom, held with ``ast``: no arrow up, no circle, and each foreign library in its one place."""

from __future__ import annotations

import pytest

from tests.our_imports import IMPORTS, INSIDE, MODULES, PACKAGES, ROOT, within

# Each room and the rooms it may import. Whatever is not named here may not be imported, and a module that lies in
# no room is red. From the ground up, so that the order of the list is the order of the floors.
ROOMS: dict[str, tuple[str, ...]] = {
    # the words everything else speaks, and the three ways the world says no
    "rules.facts": (),
    "rules.locale_forms": (),
    "rules.text": ("rules.knowledge", "rules.locale_forms"),
    "rules.units": ("rules.text", "rules.locale_forms"),
    "sync.errors": (),
    "sync.progress": (),
    # rules: what is known, what is measured, what is concluded
    "rules.knowledge": ("rules.facts",),
    "rules.measure": ("rules.facts", "rules.knowledge"),
    "rules.classify": ("rules.facts", "rules.knowledge", "rules.measure"),
    "rules.state": ("rules.facts", "rules.knowledge"),
    "rules.dose": ("rules.facts", "rules.knowledge", "rules.state"),
    "rules.plan": ("rules.facts", "rules.knowledge", "rules.state", "rules.dose"),
    "rules.insight": ("rules.facts", "rules.state", "rules.dose"),
    "rules.since": ("rules.facts", "rules.dose"),
    "rules.document": ("rules.knowledge", "rules.text"),
    # what travels between processes, and what may be set
    "sync.wire": ("rules.facts",),
    "sync.settings": ("rules.knowledge", "sync.errors"),
    # bytes into recordings (pure) beside the only room that knows SQL
    "sync.formats": ("rules.facts", "rules.knowledge", "rules.measure", "sync.settings", "sync.progress"),
    "sync.storage": ("rules.facts", "sync.errors", "sync.settings"),
    # services beside runs: what arrives travels from one to the other through an `ActivitySink` only
    "sync.sources": (
        "rules.facts",
        "rules.measure",
        "sync.errors",
        "sync.formats",
        "sync.settings",
        "sync.storage",
    ),
    "sync.runs": (
        "rules.facts",
        "rules.text",
        "rules.measure",
        "rules.classify",
        "sync.errors",
        "sync.progress",
        "sync.formats",
        "sync.settings",
        "sync.storage",
        "sync.wire",
    ),
    # the application: commands in, answers out
    "sync.service": (
        "rules.facts",
        "rules.text",
        "rules.units",
        "rules.knowledge",
        "rules.measure",
        "rules.classify",
        "rules.state",
        "rules.dose",
        "rules.plan",
        "rules.insight",
        "rules.since",
        "sync.errors",
        "sync.progress",
        "sync.settings",
        "sync.storage",
        "sync.wire",
        "sync.sources",
        "sync.runs",
    ),
    # the page: the words, the texts, how to reach the daemon, and who may see what
    "dashboard": (
        "rules.facts",
        "rules.locale_forms",
        "rules.text",
        "rules.units",
        "sync.errors",
        "sync.settings",
        "sync.wire",
        "sync.service",
    ),
    # what runs as a process
    "sync.app.daemon": (
        "rules.facts",
        "rules.text",
        "sync.errors",
        "sync.settings",
        "sync.storage",
        "sync.wire",
        "sync.sources",
        "sync.progress",
        "sync.runs",
        "sync.service",
    ),
    "sync.app.demo": ("rules.facts", "sync.errors", "sync.settings", "sync.wire", "sync.service", "sync.app.daemon"),
    "sync.app.cli": (
        "rules.facts",
        "rules.text",
        "rules.units",
        "rules.knowledge",
        "sync.errors",
        "sync.settings",
        "sync.storage",
        "sync.wire",
        "sync.sources",
        "sync.runs",
        "sync.service",
        "sync.app.daemon",
        "sync.app.demo",
    ),
    "sync.__main__": ("sync.app.cli",),
}
MOST_FLOORS = 10
MOST_ROOMS_OF_SYNC = 9
FLAT_MODULES_OF_SYNC = {"sync.__main__", "sync.errors", "sync.progress"}

# Narrower than a room: whoever is named on the left imports nothing of ours but what stands on the right.
ONLY = {
    "sync.sources.reconcile": ("rules.facts",),
    "sync.sources.next_action": (
        "sync.sources.base",
        "sync.sources.rate_policy",
        "sync.sources.reconcile",
        "sync.sources.run_state",
        "sync.sources.sync_policy",
        "sync.sources.unforeseen",
    ),
    "sync.runs.matching": ("rules.facts",),
    "sync.runs.clustering": ("rules.facts", "sync.runs.matching"),
    "sync.service.client": (
        "rules.knowledge",
        "rules.text",
        "sync.errors",
        "sync.settings",
        "sync.storage.open",
        "sync.wire",
        "sync.service",
    ),
}

NEVER = (
    ("sync.sources.adapters", "sync.storage"),
    ("dashboard", "sync.service.engine"),
    ("dashboard", "sync.service.queries"),
    ("dashboard", "sync.service.handlers"),
    ("sync.sources", "sync.storage.statements"),
    ("sync.runs", "sync.storage.statements"),
    ("sync.service", "sync.storage.statements"),
    ("sync.app", "sync.storage.statements"),
)

# A foreign library → the only places that may import it.
PLACES = {
    "garth": ("sync.sources.adapters.garmin",),
    "stravalib": ("sync.sources.adapters.strava",),
    "duckdb": ("sync.storage",),
    "babel": ("rules.locale_forms",),
    "streamlit": ("dashboard",),
    "markupsafe": ("dashboard",),
    "schedule": ("sync.app.daemon.scheduler",),
    "fitfast": ("sync.formats",),
    "pyfitparsernative": ("sync.formats", "sync.app.demo.fit_writer"),
    "fitdecode": ("sync.formats",),
    "defusedxml": ("sync.formats", "sync.sources"),
    "pyarrow": ("sync.storage", "sync.storage.serialize.recordings"),
    "osmium": ("sync.runs.ground_map.extract",),
    "tzfpy": ("sync.formats.where",),
}

# Slow to import or not always wanted: only inside a function.
LATE = {"garth", "stravalib", "osmium", "tzfpy"}


def room(module: str) -> str | None:
    """The room a module lies in; None for a package that only holds rooms, and for a module in no room."""
    return max((name for name in ROOMS if within(module, name)), key=len, default=None)


def floor(name: str) -> int:
    """1 for a room that imports none, else one more than the highest of those it may import."""
    return 1 + max((floor(below) for below in ROOMS[name]), default=0)


def holds_only_rooms(module: str) -> bool:
    return any(name.startswith(module + ".") for name in ROOMS) and MODULES[module].name == "__init__.py"


def test_each_module_lies_in_a_room() -> None:
    assert [module for module in MODULES if room(module) is None and not holds_only_rooms(module)] == []


def test_each_room_imports_only_what_it_may() -> None:
    strangers = []
    for found in INSIDE:
        here, there = room(found.module), room(found.imported)
        if here is not None and there != here and there not in ROOMS[here] and not holds_only_rooms(found.imported):
            strangers.append(str(found))
    assert strangers == []


def test_no_room_may_import_what_it_does_not() -> None:
    """A permission that nobody uses would let the next arrow pass unseen."""
    used = {(room(found.module), room(found.imported)) for found in INSIDE}
    assert [(name, below) for name, allowed in ROOMS.items() for below in allowed if (name, below) not in used] == []


@pytest.mark.parametrize(
    ("module", "imported"),
    [
        ("sync.storage.compact", "rules.plan.plan"),
        ("sync.settings.config", "sync.storage.database"),
        ("sync.sources.registry", "sync.runs.importer"),
        ("sync.runs.importer", "sync.sources.base"),
        ("dashboard.app", "sync.app.daemon.app"),
    ],
)
def test_arrows_that_may_not_be(module: str, imported: str) -> None:
    assert room(imported) not in ROOMS[room(module) or ""]


def test_a_module_in_no_room_has_none() -> None:
    assert [room(name) for name in ("sync.new_module", "rules.new_module")] == [None, None]


def test_few_floors_and_few_rooms() -> None:
    assert max(map(floor, ROOMS)) <= MOST_FLOORS
    folders = {path.name for path in (ROOT / "sync").iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert len(folders) <= MOST_ROOMS_OF_SYNC
    flat = {module for module in MODULES if module.count(".") == 1 and MODULES[module].parent == ROOT / "sync"}
    assert flat == FLAT_MODULES_OF_SYNC


def test_no_circle() -> None:
    """Also none that a late import hides."""
    below: dict[str, set[str]] = {module: set() for module in MODULES}
    for found in INSIDE:
        if found.imported in MODULES and found.imported != found.module:
            below[found.module].add(found.imported)
    while leaves := [module for module, targets in below.items() if not targets & below.keys()]:
        for leaf in leaves:
            del below[leaf]
    assert sorted(below) == []


@pytest.mark.parametrize("who", ONLY)
def test_imports_only(who: str) -> None:
    strangers = [
        str(found)
        for found in INSIDE
        if within(found.module, who)
        and not any(within(found.imported, allowed) for allowed in (who, *ONLY[who]))
        and found.imported not in PACKAGES
    ]
    assert strangers == []


@pytest.mark.parametrize(("who", "whom"), NEVER, ids=lambda name: str(name))
def test_never(who: str, whom: str) -> None:
    assert [str(found) for found in INSIDE if within(found.module, who) and within(found.imported, whom)] == []


@pytest.mark.parametrize("library", PLACES)
def test_each_library_in_its_place(library: str) -> None:
    strays = [
        str(found)
        for found in IMPORTS
        if within(found.imported, library) and not any(within(found.module, place) for place in PLACES[library])
    ]
    assert strays == []


def test_slow_libraries_are_imported_late() -> None:
    assert [str(found) for found in IMPORTS if found.imported.partition(".")[0] in LATE and not found.late] == []
