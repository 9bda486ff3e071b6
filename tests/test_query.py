"""The page's address behind its "?": what a tap wrote is not lost to a run that knows the address of before."""

from __future__ import annotations

import json
import textwrap

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.query import SETTLES_S, Tapped, said

BEFORE, AFTER = {"runner": "ann"}, {"runner": "ann", "play": "7"}


@pytest.mark.parametrize(
    ("stands", "tapped", "passed_s", "counts"),
    [
        pytest.param({}, None, 0, {}, id="nothing was tapped"),
        pytest.param({"play": "7"}, None, 0, {"play": "7"}, id="opened by a link"),
        pytest.param(BEFORE, Tapped((BEFORE,), AFTER, 1), 60, AFTER, id="the tap's own run, however slow"),
        pytest.param(BEFORE, Tapped((BEFORE,), AFTER, 2), 0.5, AFTER, id="a run that was asked for before the tap"),
        pytest.param(AFTER, Tapped((BEFORE,), AFTER, 2), 0.5, AFTER, id="the tap has arrived"),
        pytest.param(
            {"play": "8"}, Tapped((BEFORE,), AFTER, 2), 0.5, {"play": "8"}, id="another link was followed since"
        ),
        pytest.param(BEFORE, Tapped((BEFORE,), AFTER, 2), SETTLES_S, BEFORE, id="later: Back was pressed"),
        pytest.param({"play": "7"}, Tapped(({"play": "7"},), {}, 3), 1, {}, id="what was closed stays closed"),
    ],
)
def test_what_a_tap_wrote_holds_until_the_browser_has_it(
    stands: dict[str, str], tapped: Tapped | None, passed_s: float, counts: dict[str, str]
) -> None:
    assert said(stands, tapped, passed_s) == counts


def test_a_second_tap_keeps_what_the_first_wrote_though_the_address_of_before_came_back() -> None:
    second = """
        import streamlit as st
        from dashboard import query
        query.begin()
        if st.button("month"):
            query.write(month="2026-03")
            st.query_params.from_dict({"runner": "ann"})  # as a run that knows the address of before does
            query.write(day="2026-03-05")
        st.json(query.now())
    """
    app = AppTest.from_string(textwrap.dedent(second))
    app.query_params["runner"] = "ann"
    app.run()
    app.button[0].click().run()
    assert json.loads(app.json[0].value) == {"runner": "ann", "month": "2026-03", "day": "2026-03-05"}
