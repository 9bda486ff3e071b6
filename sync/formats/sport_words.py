"""Names of sports, as files and people write them -> FIT's words."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

Named = tuple[str | None, str | None]
"""Sport and sub-sport, in FIT's words."""

EXACT: dict[str, Named] = {
    # TCX, GPX types and service exports
    "running": ("running", None), "run": ("running", None), "street_running": ("running", "street"),
    "trail_running": ("running", "trail"), "trailrun": ("running", "trail"), "trail_run": ("running", "trail"),
    "treadmill_running": ("running", "treadmill"), "indoor_running": ("running", "indoor_running"),
    "track_running": ("running", "track"), "virtual_run": ("running", "virtual_activity"),
    "virtualrun": ("running", "virtual_activity"), "ultra_run": ("running", "ultra"),
    "ultra_running": ("running", "ultra"), "obstacle_run": ("running", "obstacle"),
    "treadmill": ("running", "treadmill"), "jogging": ("running", None), "laufen": ("running", None),
    "biking": ("cycling", None), "cycling": ("cycling", None), "ride": ("cycling", None), "bike": ("cycling", None),
    "road_biking": ("cycling", "road"), "mountain_biking": ("cycling", "mountain"),
    "indoor_cycling": ("cycling", "indoor_cycling"), "virtual_ride": ("cycling", "virtual_activity"),
    "virtualride": ("cycling", "virtual_activity"), "ebikeride": ("e_biking", None), "e_bike_ride": ("e_biking", None),
    "gravel_cycling": ("cycling", "gravel_cycling"), "gravelride": ("cycling", "gravel_cycling"),
    "mountainbikeride": ("cycling", "mountain"), "walking": ("walking", None), "walk": ("walking", None),
    "hiking": ("hiking", None), "hike": ("hiking", None), "swimming": ("swimming", None), "swim": ("swimming", None),
    "lap_swimming": ("swimming", "lap_swimming"), "open_water_swimming": ("swimming", "open_water"),
    "rowing": ("rowing", None), "strength_training": ("training", "strength_training"),
    "weighttraining": ("training", "strength_training"), "weight_training": ("training", "strength_training"),
    "workout": ("training", None), "yoga": ("training", "yoga"), "pilates": ("training", "pilates"),
    "cardio_training": ("training", "cardio_training"), "fitness_equipment": ("fitness_equipment", None),
    "elliptical": ("fitness_equipment", "elliptical"), "multi_sport": ("multisport", None),
    "multisport": ("multisport", None), "skiing": ("alpine_skiing", None),
    "cross_country_skiing": ("cross_country_skiing", None), "nordicski": ("cross_country_skiing", None),
    "mobility": ("mobility", None), "stretching": ("training", "flexibility_training"),
    # Strava's numbers in its GPX
    "9": ("running", None), "1": ("cycling", None), "4": ("hiking", None), "10": ("walking", None),
    "52": ("running", "trail"),
    # Strava's own words that hold none of those below
    "pedalata": ("cycling", None), "заезд": ("cycling", None), "велозаезд": ("cycling", None),
    "ライド": ("cycling", None), "サイクリング": ("cycling", None), "라이딩": ("cycling", None),
    "забег": ("running", None), "пробежка": ("running", None),
    "ходьба": ("walking", None), "步行": ("walking", None), "걷기": ("walking", None),
    "hardloopsessie": ("running", None),
    "bieg_w_terenie": ("running", "trail"), "rower": ("cycling", None), "vélo": ("cycling", None),
}  # fmt: skip


def sport_named(name: str | None) -> Named:
    """Sport and sub-sport that a type field names; ``(None, None)`` for "Other", blanks and words we do not know."""
    if name is None:
        return None, None
    return EXACT.get(re.sub(r"[\s-]+", "_", name.strip().casefold()), (None, None))


KINDS_OF_RUN = {
    "treadmill": r"treadmill|laufband|løbebånd|tredemølle|löpband|juoksumatto|bieżni\w*|futópad\w*|"
    r"běžeck\w* pás\w*|"
    r"bežiac\w* pás\w*|běh na pás\w*|tapis( roulant| de course)?|διάδρομο[ςσ]|הליכון|traka za trčanje|"
    r"band[aă] de alergare|"
    r"ลู่วิ่ง|máy chạy( bộ)?|جهاز (الجري|المشي)|бягаща пътека|bėgimo takelis|skrejceļ\w*|jooksulint|cinta|"
    r"loopband\w*|esteira|passadeira|koşu bandı\w*|беговая дорожка|дорожк\w*|"
    r"トレッドミル|ランニングマシン|跑步机|跑步機|트레드밀|러닝머신|банд[аі]",
    "trail": r"trail ?\w*|terreng\w*|terræn\w*|terräng\w*|terep\w*|sentier|geländelauf\w*|polkujuoksu|"
    r"maastojuoksu|stiløp\w*|stilöpning|"
    r"терренкур|трейл\w*|トレイル\w*|トレラン|越野跑|트레일\w*|montanha corrida|corrida em trilha|skyrun\w*|"
    r"bieg przełajowy|biegi terenowe|patika",
    "track": r"track ?run\w*|track|laufbahn|stadion\w*|baan(lopen|training)?|piste|pista|bane\w*|bana|"
    r"rata(juoksu)?|"
    r"bieżnia lekkoatletyczna|banlöpning|baneløp\w*|baneløb|ratajuoks\w*|田径跑步?|田徑跑步?|dráha|pálya\w*|"
    r"トラック\w*|"
    r"田径场|操场|트랙",
    "virtual_activity": r"virtu\w*|バーチャル\w*|虚拟跑\w*|가상 ?러닝",
    "ultra": r"ultra ?(run\w*|lauf|trail|marathon)?|ウルトラ\w*",
    "indoor_running": r"indoor ?(run|running|lauf)|hallenlauf|室内跑\w*|屋内ラン\w*|실내 ?달리기",
    "street": r"street ?run\w*|街道跑|straßenlauf|road ?run\w*|路跑|ロードラン\w*",
    "obstacle": r"obstacle\w*|hindernislauf\w*",
}
"""Sub-sports of running in type columns: each makes it running, unless the type names another sport as well."""
RUN_TYPES = (
    # Garmin, Strava, Runkeeper, Polar, Suunto, Coros, Samsung, Zepp and Huawei in the languages of their apps
    r"run|running|runs|ran|jog|jogging|outdoor ?run(ning)?|lauf|laufen|laufsport|course|course à pied|"
    r"courir|jogging|"
    r"footing|carrera|correr|corsa|correre|corrida|hardlopen|løb|løping|løp|löpning|juoksu|bieganie|bieg|"
    r"běh|beh|futás|"
    r"koşu|koşma|бег|біг|ラン|ランニング|ジョグ|ジョギング|跑步|户外跑步|室外跑步|戶外跑步|跑|달리기|러닝|조깅|alergare|"
    r"jooks|jooksmine|τρέξιμο|berlari|lari|trčanje|tek|bėgimas|skriešana|bieganie na zewnątrz|chạy( bộ)?|"
    r"วิ่ง|(ال)?جري|"
    r"(ال)?ركض|ריצה|दौड़|бягане|трчање"
)


# --- titles and gear, in several languages --------------------------------------------------------

OTHER_SPORTS = {
    "cross_country_skiing": r"skilanglauf|langlauf(?:ski)?|xc[ -]?ski\w*|nordic ski\w*|ski de fond|"
    r"sci di fondo|"
    r"esqu[ií] de fondo|langrenn|hiihto",
    "skating": r"eislauf\w*|inline\w*|skat\w+|rollerblad\w*|schaatsen",
    "alpine_skiing": r"skis?|skiing|skifahren|skitour\w*|snowboard\w*|sci|esqu[ií]",
    "cycling": r"ride|rides|riding|bike|biking|bicycl\w*|cycl\w+|mtb|zwift|peloton|rad|"
    r"radtour\w*|radfahr\w*|radeln|radrunde|fahrrad\w*|rennrad\w*|"
    r"v[eé]lo|bici\w*|ciclis\w*|pedalada|fiets\w*|wielren\w*|sykkel\w*|cykel\w*|cykl\w*|rower\w*|kolo|"
    r"ker[eé]kp[aá]r\w*|"
    r"велосипед\w*|骑行|自転車",
    "swimming": r"swim\w*|schwimm\w*|nataci[oó]n|natação|nadar|natation|nuoto|zwem\w*|sv[øö]mm\w*|simning|"
    r"uinti|"
    r"plav\w*|pływan\w*|úsz\w*|плава\w*|游泳|水泳",
    "hiking": r"hik(?:e|es|ed|ing)|wander\w*|trek\w*|randonn\w*|senderismo|caminhada na montanha|escursion\w*|"
    r"bergtour|tramping|vandring|fottur|徒步|登山",
    "walking": r"walk\w*|spazier\w*|spaziergang|gassi\w*|marche|caminata|caminhada|camminata|passeggiata|"
    r"wandel\w*|"
    r"promenad\w*|gåtur|spacer\w*|séta|прогулк\w*|散步|散歩|ウォーキング",
    "driving": r"car|driv(?:e|ing)|drove|motorbike|motorcycl\w*",
    "rowing": r"row|rowing|rower|rudern|aviron|remo|canottaggio|roeien|kayak\w*|kajak\w*|canoe\w*|paddl\w*|sup",
    "training": r"yoga|pilates|strength|kraft\w*|gym|stretch\w*|mobility|dehn\w*|crossfit|weights",
}
RUNNING = (
    r"run|runs|running|ran|runner\w*|jog\w*|parkrun|fartlek|tempo|interval\w*|half[ -]?marathon|marathon|"
    r"ultra\w*|"
    r"\w*l[aä]uf\w*|\w*lauf|joggen|halbmarathon|"
    r"course [aà] pied|courir|footing|sortie longue|fractionn[eé]|"
    r"correr|carrera|corrida|rodaje|trote|maratona?|marat[oó]n|corsa|correre|podismo|"
    r"hardlopen|hardloop\w*|loopje|løb\w*|løping|løpetur|joggetur|löpning|löprunda|löppass|juoksu\w*|lenkki|"
    r"bieg\w*|běh\w*|beh|futás\w*|fut[oó]\w*|koşu\w*|бег\w*|пробежк\w*|跑步?|晨跑|夜跑|ランニング|ジョギング|달리기"
)
SHOES = r"shoes?|schuh\w*|hoka|brooks|asics|saucony|altra|salomon|new balance|pegasus|vaporfly|gel-\w+|ghost|speedgoat"
BIKES = r"bike|trek|canyon|specialized|cannondale|giant|rennrad|mtb|fahrrad|v[eé]lo|bici\w*"


def _spoken(pattern: str) -> re.Pattern[str]:
    # CJK has no blanks between words: \b would never fire inside a run of such letters.
    latin: list[str] = []
    cjk: list[str] = []
    for word in pattern.split("|"):
        (cjk if re.search(r"[\u3040-\u9fff\uac00-\ud7af]", word) else latin).append(word)
    joined = rf"(?<!\w)(?:{'|'.join(latin)})(?!\w)"
    return re.compile(joined + ("|" + "|".join(cjk) if cjk else ""), re.IGNORECASE)


_RUNNING, _SHOES, _BIKES = _spoken(RUNNING), _spoken(SHOES), _spoken(BIKES)


@cache  # compiled when first asked for: every command would wait for it
def _others() -> dict[str, re.Pattern[str]]:
    return {sport: _spoken(pattern) for sport, pattern in OTHER_SPORTS.items()}


_KINDS_OF_RUN = {sub_sport: re.compile(words, re.IGNORECASE) for sub_sport, words in KINDS_OF_RUN.items()}
_RUN_WORD = _spoken(RUN_TYPES)
_RUN_TYPES = re.compile(RUN_TYPES, re.IGNORECASE)


def sport_of_type(kind: str | None) -> Named:
    """What a type column names, in any language: exactly, by a sub-sport of running, or another sport in words.

    A word for another sport in it vetoes: a "Trail ride" and a "Virtual cycling" are no runs. What only holds a word
    for running is left to `sync.formats.sport_heard`, which marks it.
    """
    named = sport_named(kind)
    text = unicodedata.normalize("NFKC", kind or "").replace("_", " ").strip()
    if named[0] is not None or not text:
        return named
    if _RUN_TYPES.fullmatch(text):
        return "running", None
    if other := [sport for sport, pattern in _others().items() if pattern.search(text)]:
        told = sport_in_words(kind)
        return (told if told != "running" else None) or (other[0] if len(other) == 1 else None), None
    finer = next((name for name, words in _KINDS_OF_RUN.items() if _sub_sport_of_running(words, text)), None)
    return ("running", finer) if finer is not None else (None, None)


def _sub_sport_of_running(words: re.Pattern[str], text: str) -> bool:
    """The whole type is a sub-sport of running, or a word for running and a sub-sport stand in it."""
    if words.fullmatch(text):
        return True
    found = words.search(text)
    return found is not None and (sport_in_words(text) == "running" or _RUN_WORD.search(text) is not None)


def sport_in_words(title: str | None, gear: str | None = None) -> str | None:
    """The one sport that a title speaks of, else what the gear is for; ``None`` when they say none or several."""
    text = unicodedata.normalize("NFC", title or "").replace("_", " ")
    others = {sport for sport, pattern in _others().items() if pattern.search(text)}
    # "Skilanglauf" and "Eislauf" end like a run and are none.
    runs = any(not any(pattern.search(found[0]) for pattern in _others().values()) for found in _RUNNING.finditer(text))
    if "cross_country_skiing" in others:
        others.discard("alpine_skiing")
    if runs and not others:
        return "running"
    if len(others) == 1 and not runs:
        return next(iter(others))
    if others or runs or not gear:
        return None
    if _SHOES.search(gear):
        return "running"
    return "cycling" if _BIKES.search(gear) else None
