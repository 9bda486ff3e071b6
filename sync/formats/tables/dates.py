"""Instants as accounts and people write them, in the months and halves of a day of many languages."""

from __future__ import annotations

import re
from datetime import datetime

from sync.formats.notation import common_year, plain_clock

AFTERNOON_BEFORE, MORNING_BEFORE = ("오후", "下午", "午後", "ös"), ("오전", "上午", "午前", "öö")
AFTERNOON_AFTER = frozenset({"μ.μ", "μμ", "م", "ch", "chiều"})
MORNING_AFTER = frozenset({"π.μ", "πμ", "ص", "sa", "sáng"})
"""Halves of a day beside AM and PM, before the clock or after it."""
MONTH_IN_NUMBERS = re.compile(r"\b(?:thg|tháng)\s*(\d{1,2})\b")

MONTHS: dict[str, int] = {}
for _words in (
    "jan feb mar apr may jun jul aug sep oct nov dec",
    "jan feb mär apr mai jun jul aug sep okt nov dez",
    "janv févr mars avr mai juin juil août sept oct nov déc",
    "ene feb mar abr may jun jul ago sep oct nov dic",
    "gen feb mar apr mag giu lug ago set ott nov dic",
    "jan fev mar abr mai jun jul ago set out nov dez",
    "jan feb mrt apr mei jun jul aug sep okt nov dec",
    "jan feb mar apr maj jun jul aug sep okt nov dec",
    "sty lut mar kwi maj cze lip sie wrz paź lis gru",
    "jan feb mar apr mai jun jul aug sep okt nov des",
    "oca şub mar nis may haz tem ağu eyl eki kas ara",
    "tam hel maa huh tou kes hei elo syy lok marr jou",
    "led úno bře dub kvě čvn čvc srp zář říj lis pro",
    "jän feb mär apr mai červn červenc aug sep okt nov dez",
    "jan feb már ápr máj jún júl aug szept okt nov dec",
    "jan feb mar apr mei jun jul agu sep okt nov des",
    "янв фев мар апр мая июн июл авг сен окт ноя дек",
    "січ лют бер кві тра чер лип сер вер жов лис гру",
    "яну фев мар апр май юни юли авг сеп окт ное дек",
    "ian feb mar apr mai iun iul aug sep oct noi dec",
    "jaan veebr märts aprill mai juuni juuli aug sept okt nov dets",
    "saus vas kov bal geg birž liep rugp rugs spal lapkr gruod",
    "janv febr marts apr maijs jūn jūl aug sept okt nov dec",
    "ιαν φεβ μαρ απρ μαΐ ιουν ιουλ αυγ σεπ οκτ νοε δεκ",
    "ιαν φεβ μάρ απρ μάι ιούν ιούλ αύγ σεπ οκτ νοέ δεκ",
    "ม.ค ก.พ มี.ค เม.ย พ.ค มิ.ย ก.ค ส.ค ก.ย ต.ค พ.ย ธ.ค",
    "มกราคม กุมภาพันธ์ มีนาคม เมษายน พฤษภาคม มิถุนายน กรกฎาคม สิงหาคม กันยายน ตุลาคม พฤศจิกายน ธันวาคม",
    "ינו פבר מרץ אפר מאי יונ יול אוג ספט אוק נוב דצמ",
    "ינואר פברואר מרץ אפריל מאי יוני יולי אוגוסט ספטמבר אוקטובר נובמבר דצמבר",
    "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
):
    for _month, _word in enumerate(_words.split(), start=1):
        MONTHS.setdefault(_word, _month)


def month_of(word: str) -> int | None:
    """By the longest beginning that is known: "marraskuuta" is no March, "juillet" no June."""
    return next((MONTHS[word[:length]] for length in range(len(word), 2, -1) if word[:length] in MONTHS), None)


def moment(text: str, *, day_first: bool = False) -> datetime | None:
    """A naive instant from "Feb 15, 2015, 3:16:50 PM", "15 févr. 2015 à 15:16:50", "15.02.2015, 15:16:50" or ISO.

    Also "2015年2月15日 15:16:50", "15 thg 2, 2015 15:16:50" and "2015. 2. 15. 오후 3:16:50".
    """
    text = plain_clock(text)
    clock = re.search(r"(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([AaPp]\.?\s?[Mm])?", text)
    date = (text[: clock.start()] if clock else text).casefold()
    year = re.search(r"(?<!\d)(\d{4})(?!\d)", date)
    if year is None or clock is None:
        return None
    numbers = [int(found) for found in re.findall(r"\d+", date.replace(year[1], " ", 1))]
    words = (word.strip(".") for word in re.findall(r"[^\s\d,:/()-]+", date))
    named = next((month for word in words if (month := month_of(word))), None)
    if (numbered := MONTH_IN_NUMBERS.search(date)) is not None:
        named = int(numbered[1])
    if named is not None and numbers:
        month, day = named, numbers[0]
    elif len(numbers) >= 2:
        in_order = day_first and date.strip().find(year[1]) > 0
        day, month = (numbers[0], numbers[1]) if in_order else (numbers[1], numbers[0])
    else:
        return None
    try:
        hour = _hour(int(clock[1]), clock[4], date, text[clock.end() :].strip(" .").casefold())
        return datetime(common_year(int(year[1])), month, day, hour, int(clock[2]), int(clock[3] or 0))
    except ValueError:
        return None


def _hour(hour: int, half: str | None, before: str, after: str) -> int:
    """The hour of 24, by the half of the day that is named."""
    afternoon = half[0] in "pP" if half else after in AFTERNOON_AFTER or any(one in before for one in AFTERNOON_BEFORE)
    morning = bool(half) or after in MORNING_AFTER or any(one in before for one in MORNING_BEFORE)
    return hour % 12 + 12 * afternoon if afternoon or morning else hour
