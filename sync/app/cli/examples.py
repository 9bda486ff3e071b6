"""What to type, by command: shown below its help, and each accepted as it stands (a test parses them)."""

from __future__ import annotations

EXAMPLES: dict[str, tuple[str, ...]] = {
    "run": ("springstep run", "springstep run --lan"),
    "import": ("springstep import Downloads", "springstep import export.zip --verbose"),
    "runs": ("springstep runs --since monday", "springstep runs --kind long --limit 5"),
    "why": ("springstep why", "springstep why last"),
    "log": (
        "springstep log stiffness 3",
        "springstep log soreness 2 --where heel --side left",
        'springstep log stiffness 4 --at "yesterday 21:00"',
        "springstep log flag",
    ),
    "done": (
        "springstep done",
        "springstep done --partial --minutes 4",
        "springstep done --skip travel",
        "springstep done --drill toe-curl=too-easy",
    ),
    "length": ("springstep length short",),
    "swap": ("springstep swap toe-curl", "springstep swap toe-curl --back"),
    "label": (
        "springstep label last tempo",
        "springstep label last --intensity intervals --surface track",
        "springstep label last --undo",
    ),
    "plan": (
        "springstep plan",
        "springstep plan tempo tomorrow 18:30",
        "springstep plan race sunday",
        "springstep plan nothing tomorrow",
        "springstep plan weekdays monday thursday",
    ),
    "answer": ("springstep answer",),
    "step": ("springstep step minutes", "springstep step no", "springstep step less"),
    "strength": ("springstep strength on", "springstep strength"),
    "pause": ("springstep pause ill", "springstep pause travel --until +7"),
    "export": ("springstep export my-running",),
    "backup": ("springstep backup springstep.backup",),
    "link": ("springstep link garmin",),
    "sync": ("springstep sync", "springstep sync --source garmin"),
    "doctor": ("springstep doctor --source strava",),
    "purge": ("springstep purge strava",),
}
