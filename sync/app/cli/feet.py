"""Looking after the feet: the self-check, pauses, and the runs that are one or two."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sync.app.cli import dates
from sync.app.cli.command import DONE, CliCommand, Context, json_flag
from sync.app.cli.entries import run_id, send
from sync.app.cli.text_format import wrapped
from sync.errors import PersonMustAct

PAUSES = ("ill", "travel", "injury", "rest", "other")
FEET = ("left", "right")
YES = ("y", "yes", "j", "ja", "s", "si")
NOTHING = object()
"""The question was skipped."""


def _assess(context: Context, given: Namespace) -> int:
    from sync.wire.commands import Assess

    plan = context.client.plan()
    settled = _settled(plan.assessments)
    context.talk.say(wrapped(context.text("assess.begin")))
    led: set[str] = set()
    feet: dict[str, dict[str, Any]] = {foot: {} for foot in FEET}
    screen: dict[str, bool] = {}
    cramps: bool | None = None
    for question in plan.self_check:
        if question["id"] in settled:
            continue
        about = "screen" if question["kind"] == "screen" else "check"
        if about not in led:
            led.add(about)
            context.talk.say("\n" + wrapped(context.language.say(f"{about}.intro")))
        context.talk.say("\n" + wrapped(question["says"]))
        context.talk.say(wrapped(f"({question['use']})"))
        for foot in FEET if question["each_foot"] else ("",):
            answer = _asked(context, question, foot)
            if answer is NOTHING:
                continue
            if foot:
                feet[foot][question["id"]] = answer
            elif question["kind"] == "screen":
                screen[question["id"]] = bool(answer)
            else:
                cramps = bool(answer)
    if not (screen or cramps is not None or any(feet.values())):
        context.talk.say(context.text("assess.nothing"))
        return DONE
    now = context.now()
    command = Assess(
        typed_utc=now,
        day=dates.local_day(now, context.athlete.zone),
        left=feet["left"],
        right=feet["right"],
        night_cramps=cramps,
        screen=screen,
    )
    return send(context, command, given)


def _settled(assessments: Sequence[Mapping[str, Any]]) -> set[str]:
    """Questions of the safety screen that were last answered with no; a skipped one and a yes are asked again."""
    last: dict[str, bool] = {}
    for one in reversed(assessments):
        last |= one.get("screen", {})
    return {name for name, ticked in last.items() if not ticked}


def _asked(context: Context, question: Mapping[str, Any], foot: str) -> Any:
    """The answer, asked again until it can be understood; an empty line skips the question."""
    choices: list[tuple[str, str]] = [(str(value), str(label)) for value, label in question["choices"]]
    hint = {
        "screen": context.text("assess.yes_no"),
        "yes_no": context.text("assess.yes_no"),
        "score": "0–10",
        "number": context.text("assess.number"),
        "choice": ", ".join(f"{n} {label}" for n, (_, label) in enumerate(choices, 1)),
    }[question["kind"]]
    while True:
        name = f"{context.text(f'assess.{foot}')}: " if foot else ""
        typed = context.talk.ask(f"  {name}[{hint}] ")
        if not typed:
            return NOTHING
        try:
            return READ[question["kind"]](typed, [value for value, _ in choices])
        except (ValueError, IndexError):
            context.talk.say(f"  {context.text('assess.again')}")


def _score(typed: str, _choices: list[str]) -> int:
    if not 0 <= int(typed) <= 10:
        raise ValueError(typed)
    return int(typed)


def _number(typed: str, _choices: list[str]) -> float:
    number = float(typed.replace(",", "."))
    if not 0 <= number < 1000:
        raise ValueError(typed)
    return number


def _yes(typed: str, _choices: list[str]) -> bool:
    word = dates.plain(typed)
    if word not in (*YES, "n", "no", "nein"):
        raise ValueError(typed)
    return word in YES


def _choice(typed: str, choices: list[str]) -> str:
    if int(typed) < 1:
        raise ValueError(typed)
    return choices[int(typed) - 1]


READ: Mapping[str, Callable[[str, list[str]], Any]] = {
    "screen": _yes,
    "yes_no": _yes,
    "score": _score,
    "number": _number,
    "choice": _choice,
}


def _pause_arguments(parser: ArgumentParser) -> None:
    json_flag(parser)
    parser.add_argument("reason", metavar="REASON", choices=PAUSES)
    parser.add_argument("--until", metavar="DAY")


def _pause(context: Context, given: Namespace) -> int:
    from sync.wire.commands import PauseWork

    now = context.now()
    today = dates.local_day(now, context.athlete.zone)
    until = dates.day(given.until, today) if given.until else None
    if until is not None and until < today:
        raise PersonMustAct("cli.pause_over", day=until)
    return send(context, PauseWork(typed_utc=now, reason=given.reason, from_day=today, until_day=until), given)


def _resume(context: Context, given: Namespace) -> int:
    from sync.wire.commands import ResumeWork

    now = context.now()
    return send(context, ResumeWork(typed_utc=now, day=dates.local_day(now, context.athlete.zone)), given)


def _merge_arguments(parser: ArgumentParser) -> None:
    json_flag(parser)
    parser.add_argument("a", metavar="A")
    parser.add_argument("b", metavar="B")


def _merge(context: Context, given: Namespace) -> int:
    from sync.wire.commands import MergeRuns

    a, b = run_id(context, given.a), run_id(context, given.b)
    if a == b:
        raise PersonMustAct("cli.same_run")
    return send(context, MergeRuns(typed_utc=context.now(), run_a=a, run_b=b), given)


def _split_arguments(parser: ArgumentParser) -> None:
    json_flag(parser)
    parser.add_argument("run", metavar="RUN")


def _split(context: Context, given: Namespace) -> int:
    from sync.wire.commands import SplitRun

    return send(context, SplitRun(typed_utc=context.now(), run_id=run_id(context, given.run)), given)


COMMANDS = (
    CliCommand("assess", _assess, json_flag),
    CliCommand("pause", _pause, _pause_arguments),
    CliCommand("resume", _resume, json_flag),
    CliCommand("merge", _merge, _merge_arguments),
    CliCommand("split", _split, _split_arguments),
)
