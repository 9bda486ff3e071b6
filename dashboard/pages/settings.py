"""How springstep speaks and counts for this runner, and what holds for the household."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

import streamlit as st
from markupsafe import Markup

from dashboard import context as reception
from dashboard.context import PageContext
from dashboard.format import Words
from dashboard.markup import NOTHING, concat, listing, tag
from dashboard.parts.set_password import set_password
from dashboard.parts.st_html import html
from rules.locale_forms import own_name
from rules.text import DRAFTS
from sync.errors import SpringstepError
from sync.service.messages import error_text
from sync.settings.form import BY_NAME, Setting
from sync.settings.rights import household_refusal
from sync.wire.settings import SettingsPage

SAID = "settings:said"
"""What became of the last change, by the setting's name."""
YOUNGEST = 5
"""Nobody younger than that types a year of birth."""


def page(context: PageContext) -> None:
    render(context, context.ask(context.client.settings))


def render(context: PageContext, settings: SettingsPage) -> None:
    words = context.words
    html(tag("h1", words.say("settings.title"), "ss-page") + tag("p", words.say("settings.lead"), "ss-lead"))
    if settings.fixed_by is not None:
        html(tag("p", words.say(f"settings.fixed_{settings.fixed_by}"), "ss-banner", role="status"))
        html(listing(settings.mistakes))
    if settings.restart:
        said = words.say("settings.restart", names=", ".join(settings.restart))
        html(tag("p", said, "ss-banner", role="status"))
    with st.container(key="card-settings-own"):
        for line in settings.settings:
            if BY_NAME[line.name].own:
                _setting(context, settings, line.name, disabled=settings.fixed_by is not None)
                if line.name == "time_zone":
                    _browsers_zone(context, settings)
    html(tag("h2", words.say("settings.household"), "ss-section"))
    refusal = household_refusal(reception.settings()[0], context.athlete)
    if refusal is not None:
        html(tag("p", words.say(f"settings.household_{refusal}"), "ss-says"))
    if refusal == "sign_in":
        set_password(context)
    with st.container(key="card-settings-household"):
        for line in settings.settings:
            if not BY_NAME[line.name].own:
                shut = settings.fixed_by is not None or refusal is not None
                _setting(context, settings, line.name, disabled=shut)
    html(tag("p", words.say("settings.file"), "ss-note"))


def _setting(context: PageContext, settings: SettingsPage, name: str, *, disabled: bool) -> None:
    words, setting = context.words, BY_NAME[name]
    line = next(one for one in settings.settings if one.name == name)
    # Another value from elsewhere is another widget: Streamlit would go on showing what this browser set last.
    key = f"set:{context.athlete.id}:{name}:{line.value}"
    _widget(context, setting, line.value, key, settings, disabled=disabled)
    said = st.session_state.get(SAID, {}).get(f"{context.athlete.id}:{name}")
    why = words.say(f"settings.why_{name}") if f"ui.settings.why_{name}" in words.language else ""
    origin = NOTHING if line.origin == "default" else _origin(context, line.origin)
    if said is None:
        html(tag("p", concat([origin, " " if origin and why else "", why]), "ss-quiet") if origin or why else NOTHING)
        return
    receipt = ("ss-stored", "status", words.say("settings.saved")) if said == "" else ("ss-refused", "alert", said)
    html(tag("p", receipt[2], f"ss-receipt {receipt[0]}", role=receipt[1]) + tag("p", origin + why, "ss-quiet"))


def _origin(context: PageContext, origin: str) -> Markup:
    return tag("b", context.words.say(f"settings.origin_{origin}"), f"ss-origin-{origin}")


def _widget(
    context: PageContext, setting: Setting, value: Any, key: str, settings: SettingsPage, *, disabled: bool
) -> None:
    words = context.words
    given: dict[str, Any] = {
        "label": words.say(f"settings.{setting.name}"),
        "key": key,
        "on_change": _changed,
        "args": (context, settings.digest, setting, key),
        "disabled": disabled,
    }
    match setting.kind:
        case "choice":
            st.segmented_control(
                options=setting.choices,
                default=value,
                required=True,
                format_func=lambda one: _choice(words, setting, one),
                **given,
            )
        case "zone":
            zones = sorted({*available_timezones(), str(value)})
            st.selectbox(options=zones, index=zones.index(str(value)), **given)
        case "toggle":
            st.toggle(value=bool(value), **given)
        case "text":
            st.text_input(value=str(value), max_chars=setting.most, **given)
        case "year":
            newest = context.today().year - YOUNGEST
            years = sorted({*range(newest, newest - 96, -1), *([] if value is None else [int(value)])}, reverse=True)
            st.selectbox(
                options=years,
                index=None if value is None else years.index(int(value)),
                placeholder=words.say("settings.not_set"),
                **given,
            )
        case "number":
            st.number_input(min_value=setting.least, max_value=setting.most, value=value, step=1, **given)


def _choice(words: Words, setting: Setting, value: str) -> str:
    """A language goes by its own name; a draft says that it is one."""
    if setting.name != "language":
        return words.say(f"settings.{setting.name}_{value}")
    name = own_name(value)
    return words.say("settings.draft", language=name) if value in DRAFTS else name


def _browsers_zone(context: PageContext, settings: SettingsPage) -> None:
    """The zone that the browser is in, one tap away where it is another one: never taken by itself."""
    zone = st.context.timezone
    if not zone or zone == settings.value("time_zone") or zone not in available_timezones():
        return
    st.button(
        context.words.say("settings.use_zone", zone=zone),
        key=f"set:{context.athlete.id}:zone",
        on_click=_store,
        args=(context, settings.digest, BY_NAME["time_zone"], zone),
        disabled=settings.fixed_by is not None,
    )


def _changed(context: PageContext, digest: str, setting: Setting, key: str) -> None:
    _store(context, digest, setting, st.session_state[key])


def _store(context: PageContext, digest: str, setting: Setting, value: Any) -> None:
    place = f"{context.athlete.id}:{setting.name}"
    if not setting.own and household_refusal(reception.settings()[0], context.athlete) is not None:
        return
    try:
        context.client.set(setting.name, value, read=digest)
    except SpringstepError as error:
        st.session_state[SAID] = {place: error_text(error, context.words.language)}
    else:
        st.session_state[SAID] = {place: ""}
