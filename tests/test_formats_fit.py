"""FIT: what one recording says comes back through every decoder, and damage never does more than harm itself."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.facts.recorded import FileId, LapIntensity, LapTrigger, Recording
from sync.app.demo.fit_writer import write
from sync.formats.fit.decoders import LINKS, Decoder, fitdecode, fitfast, pyfitparsernative
from sync.formats.fit.file import decode, read_fit
from sync.formats.outcome import Ignored, Outcome, Read, Unreadable
from tests.factories_runs import START, bare_run, differences, lap, run, samples, without_header_crc

ALONE = [pytest.param((link,), id=link.__name__) for link in LINKS]


def recordings(outcome: Outcome) -> tuple[Recording, ...]:
    assert isinstance(outcome, Read), outcome
    return outcome.recordings


@pytest.mark.parametrize("links", ALONE)
def test_everything_a_watch_writes_comes_back(links: Sequence[Decoder]) -> None:
    (back,) = recordings(read_fit(write(run()), links))
    assert differences(run(), back, "decoder", "extra") == {}
    assert back.decoder == links[0].__name__


@pytest.mark.parametrize("links", ALONE)
def test_a_run_with_nothing_but_a_sport_comes_back(links: Sequence[Decoder]) -> None:
    (back,) = recordings(read_fit(write(bare_run()), links))
    # The writer gives a file without laps one lap, as watches do; the file id is its own.
    assert differences(bare_run(), back, "decoder", "extra", "laps", "file_id", "device") == {}
    assert [one.trigger for one in back.laps] == [LapTrigger.SESSION_END]


def test_each_link_says_the_same() -> None:
    whole = write(run())
    decoded = [link(whole) for link in LINKS]
    for other in decoded[1:]:
        for name in ("file_id", "session", "lap", "workout", "workout_step", "activity"):
            assert other.messages[name] == decoded[0].messages[name], (other.link, name)


@pytest.mark.parametrize("missing", ["fitfast", "pyfitparsernative", "fitdecode"])
def test_any_one_decoder_may_be_uninstalled(missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = write(run())
    monkeypatch.setitem(sys.modules, missing, None)  # what an import of an absent package meets
    (back,) = recordings(read_fit(whole))
    assert back.decoder != missing
    assert differences(run(), back, "decoder", "extra") == {}


def test_without_any_decoder_it_is_a_problem_and_no_traceback() -> None:
    assert read_fit(write(run()), ()) == Unreadable("fit-damaged")


def test_the_chain_goes_on_where_the_first_refuses_a_header_crc_of_0() -> None:
    data = without_header_crc(write(run()))
    with pytest.raises(ValueError, match="checksum"):
        fitfast(data)
    (back,) = recordings(read_fit(data))
    assert back.decoder == "pyfitparsernative"
    assert not back.partial


# --- local time, clocks, sport --------------------------------------------------------------------


@pytest.mark.parametrize(("offset_s", "kept"), [(0, None), (19800, 19800), (-12600, -12600), (50400, 50400)])
def test_the_offset_is_what_the_watch_showed(offset_s: int, kept: int | None) -> None:
    (back,) = recordings(read_fit(write(run(utc_offset_s=offset_s))))
    assert back.utc_offset_s == kept


@pytest.mark.parametrize("offset_s", [None, 15 * 3600, -54000, 3601 + 200, 7 * 86400])
def test_an_offset_that_no_place_has_is_not_believed(offset_s: int | None) -> None:
    (back,) = recordings(read_fit(write(run(utc_offset_s=offset_s))))
    assert back.utc_offset_s is None


def test_a_watch_whose_clock_was_never_set_is_read_as_it_stands() -> None:
    start = datetime(1990, 7, 9, 7, 0, 41)
    made = bare_run(start_utc=start, samples=samples())
    for link in LINKS:
        (back,) = recordings(read_fit(write(made), (link,)))
        assert back.start_utc == start
        assert len(back.samples or ()) == 600


def test_generic_names_no_sport() -> None:
    (back,) = recordings(read_fit(write(bare_run(sport="generic"))))
    assert back.sport is None


def test_sports_newer_than_a_decoder_have_the_same_name_everywhere() -> None:
    for sport in ("mobility", "stand_up_paddleboarding", "cross_country_skiing", "winter_sport"):
        named = {recordings(read_fit(write(bare_run(sport=sport)), (link,)))[0].sport for link in LINKS}
        assert named == {sport}


def test_a_watch_is_called_by_its_name() -> None:
    named = {
        ("garmin", "3113"): "Garmin Forerunner 945",
        ("garmin", "64000"): "Garmin 64000",
        ("suunto", "22"): "Suunto",
    }
    named |= {("polar_electro", "1"): "Polar", ("development", "1"): None}  # type: ignore[dict-item]
    for (manufacturer, product), name in named.items():
        made = bare_run(file_id=FileId(manufacturer, product, 5, START))
        assert {recordings(read_fit(write(made), (link,)))[0].device for link in LINKS} == {name}


# --- several in one file --------------------------------------------------------------------------


def test_a_multisport_file_gives_each_leg_its_own_samples_and_laps() -> None:
    legs = [
        replace(
            run(laps=(), steps=(), workout_name=None),
            sport=sport,
            sub_sport=None,
            leg=leg,
            start_utc=START + timedelta(seconds=600 * leg),
            mean_cadence_spm=None,
        )
        for leg, sport in enumerate(("swimming", "transition", "cycling", "transition", "running"))
    ]
    back = recordings(read_fit(write(*legs)))
    assert [(one.sport, one.leg, one.start_utc, len(one.samples or ()), len(one.laps)) for one in back] == [
        (leg.sport, leg.leg, leg.start_utc, 600, 1) for leg in legs
    ]


def test_a_session_that_is_written_twice_leaves_neither_without_samples() -> None:
    back = recordings(read_fit(write(run(), replace(run(laps=()), leg=1))))
    assert [len(one.samples or ()) for one in back] == [600, 600]


def test_chained_files_are_read_one_after_the_other() -> None:
    second = run(start_utc=START + timedelta(hours=2), laps=())
    back = recordings(read_fit(write(run()) + write(second)))
    assert [(one.leg, one.start_utc, one.partial) for one in back] == [
        (0, START, False),
        (1, second.start_utc, False),
    ]


def test_an_activity_before_a_broken_tail_is_kept_and_marked() -> None:
    (back,) = recordings(read_fit(write(run()) + b"not a FIT header at all"))
    assert differences(run(partial=True), back, "decoder", "extra") == {}


def test_zeros_after_the_end_are_padding() -> None:
    (back,) = recordings(read_fit(write(run()) + bytes(512)))
    assert not back.partial


# --- damage ---------------------------------------------------------------------------------------


def test_a_cut_file_keeps_what_decodes() -> None:
    whole = write(run())
    (back,) = recordings(read_fit(whole[: len(whole) // 2]))
    assert back.partial
    assert back.decoder == "fitdecode"
    assert back.samples is not None
    assert 200 < len(back.samples) < 600
    assert back.elapsed_s == back.samples.t_s[-1]
    assert back.start_utc == START


def test_a_watch_that_died_left_a_size_of_0() -> None:
    whole = write(run())
    (back,) = recordings(read_fit(whole[:4] + bytes(4) + whole[8 : len(whole) // 2]))
    assert back.partial
    assert len(back.samples or ()) > 200


def test_a_wrong_checksum_costs_nothing_else() -> None:
    whole = write(run())
    (back,) = recordings(read_fit(whole[:-2] + b"\x12\x34"))
    assert differences(run(), back, "decoder", "extra") == {}


def test_an_activity_with_nothing_in_it_is_a_problem() -> None:
    from pyfitparsernative import write_fit_bytes

    only_a_name = write_fit_bytes([{"message_type": "file_id", "type": "activity", "manufacturer": "development"}])
    assert read_fit(only_a_name) == Unreadable("nothing-recorded")


@pytest.mark.parametrize("kind", ["settings", "workout", "course", "monitoring_b", "weight", "totals"])
def test_other_fit_files_are_ignored_with_their_type(kind: str) -> None:
    from pyfitparsernative import write_fit_bytes

    data = write_fit_bytes([{"message_type": "file_id", "type": kind, "manufacturer": "development"}])
    for link in LINKS:
        assert read_fit(data, (link,)) == Ignored("fit-other", kind)


SMALL = write(run(samples=samples(12), elapsed_s=12.0, timer_s=12.0, laps=(lap(0, 12),)))


@given(length=st.integers(min_value=0, max_value=len(SMALL)))
def test_cutting_anywhere_gives_an_outcome(length: int) -> None:
    outcome = read_fit(SMALL[:length])
    assert isinstance(outcome, Read | Ignored | Unreadable)
    if isinstance(outcome, Read):
        assert all(one.partial for one in outcome.recordings) == (length < len(SMALL))


@given(
    flips=st.lists(
        st.tuples(st.integers(min_value=0, max_value=len(SMALL) - 1), st.integers(min_value=1, max_value=255)),
        min_size=1,
        max_size=8,
    )
)
def test_flipped_bits_give_an_outcome(flips: list[tuple[int, int]]) -> None:
    data = bytearray(SMALL)
    for place, mask in flips:
        data[place] ^= mask
    outcome = read_fit(bytes(data))
    assert isinstance(outcome, Read | Ignored | Unreadable)
    if isinstance(outcome, Read):
        for one in outcome.recordings:
            t_s = np.empty(0) if one.samples is None else one.samples.t_s
            assert np.all(np.diff(t_s) > 0)
            assert np.isfinite(one.elapsed_s)


# --- what the samples hold ------------------------------------------------------------------------


@given(
    steps=st.lists(st.integers(min_value=0, max_value=230), min_size=2, max_size=40),
    heart=st.lists(st.one_of(st.none(), st.integers(min_value=40, max_value=220)), min_size=2, max_size=40),
    gap=st.integers(min_value=1, max_value=4000),
)
def test_cadence_heart_rate_and_pauses_come_back(steps: list[int], heart: list[int | None], gap: int) -> None:
    n = min(len(steps), len(heart))
    t_s = np.arange(float(n))
    t_s[n // 2 :] += gap
    cadence = np.array(steps[:n], dtype=float)
    if np.median(cadence[cadence > 0] if cadence.any() else [0]) >= 250:
        cadence = cadence / 2
    rates = np.array([np.nan if rate is None else rate for rate in heart[:n]], dtype=float)
    made = replace(samples(n, heart_rate_bpm=rates, cadence_spm=cadence), t_s=t_s)
    recording = bare_run(samples=made, elapsed_s=float(n + gap), timer_s=float(n))
    by_link = [recordings(read_fit(write(recording), (link,)))[0] for link in LINKS]
    for back in by_link:
        assert differences(recording, back, "decoder", "extra", "laps", "file_id", "device", *DERIVED) == {}


DERIVED = ("moving_s", "distance_m", "mean_heart_rate_bpm", "max_heart_rate_bpm", "mean_cadence_spm")


def test_what_the_session_lacks_is_taken_from_the_samples() -> None:
    (back,) = recordings(read_fit(write(bare_run(samples=samples()))))
    assert back.moving_s == 599
    assert back.distance_m == 1797
    assert back.mean_heart_rate_bpm == 140
    assert back.mean_cadence_spm == 171


def test_no_mean_is_made_of_a_cut_part() -> None:
    made = bare_run(samples=samples(100), elapsed_s=3600.0, timer_s=3600.0)
    (back,) = recordings(read_fit(write(made)))
    assert back.moving_s is None


def test_distance_and_speed_come_from_the_positions_where_none_is_written() -> None:
    nothing = np.full(600, np.nan)
    made = bare_run(samples=samples(distance_m=nothing, speed_mps=nothing))
    (back,) = recordings(read_fit(write(made)))
    assert back.samples is not None
    assert back.distance_m == pytest.approx(1797, rel=0.002)
    assert np.median(back.samples.speed_mps) == pytest.approx(3.0, rel=0.01)


def test_an_app_that_counts_both_feet_is_not_doubled_again() -> None:
    from pyfitparsernative import parse_fit_bytes, write_fit_bytes

    messages = parse_fit_bytes(write(bare_run(samples=samples())))
    for message in messages:
        if message["message_type"] == "record":
            message["cadence"], message["fractional_cadence"] = 171, 0.0
    (back,) = recordings(read_fit(write_fit_bytes(messages)))
    assert back.samples is not None
    assert np.all(back.samples.cadence_spm == 171)


def test_a_developers_field_never_takes_the_place_of_the_watchs_own() -> None:
    """An app of the watch may name its field as it likes, "heart_rate" too."""
    from pyfitparsernative import parse_fit_bytes, write_fit_bytes

    messages = parse_fit_bytes(write(bare_run(samples=samples(20))))
    messages[1:1] = [
        {"message_type": "developer_data_id", "developer_data_index": 0},
        {
            "message_type": "field_description",
            "developer_data_index": 0,
            "field_definition_number": 7,
            "fit_base_type_id": 2,
            "field_name": "heart_rate",
        },
    ]
    for message in messages:
        if message["message_type"] == "record":
            message["developer_field_7"] = 99
    data = write_fit_bytes(messages)
    for links in (LINKS, LINKS[1:], LINKS[2:]):
        (back,) = recordings(read_fit(data, links))
        assert back.samples is not None
        assert np.all(back.samples.heart_rate_bpm == 140)
    for message in messages:
        message.pop("heart_rate", None)
    (back,) = recordings(read_fit(write_fit_bytes(messages)))
    assert back.samples is not None
    assert np.all(back.samples.heart_rate_bpm == 99)


def test_laps_of_another_leg_and_unknown_words_stay_out() -> None:
    (back,) = recordings(read_fit(write(run(laps=(lap(0, 300), lap(300, 300), lap(90_000, 10))))))
    assert len(back.laps) == 2
    assert back.laps[0].intensity is None
    assert back.laps[0].trigger is None
    assert LapIntensity("interval") is LapIntensity.INTERVAL


def test_decode_prefers_a_whole_reading() -> None:
    whole = write(run())
    assert (decode(whole) or decode(b"")) is not None
    decoded = decode(whole, (fitdecode, pyfitparsernative))
    assert decoded is not None
    assert decoded.link == "fitdecode"
    assert decoded.whole
