"""Words for sports that no table knows: a run by its word, another sport by its word, or nobody knows.

By whole words, never by letters inside of one: a brunch is no run. Other sports' words come first, so that ice skating
("Eislauf"), cross-country skiing ("Skilanglauf", "biegi narciarskie") and horse races are none either.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from functools import cache
from typing import Literal

from rules.facts.recorded import Recording
from rules.facts.sports import CHOSEN, UNKNOWN
from sync.formats.sport_words import EXACT, OTHER_SPORTS, Named, sport_of_type

SPORT_WORD = "sport_word"
"""The key of a recording's ``extra``: the word that was not known, as `word_key` writes it."""
SAID_BY_DEVICES = ("fitfast", "pyfitparsernative", "fitdecode")
"""Decoders of FIT, whose sports are numbers with names of their own: none of them is a new word."""

VETO = (
    # skiing and skating
    r"ski|skis|ski[^\W\d_]\w*|sci|esqu[ií]\w*|langlauf\w*|langrenn\w*|hiihto\w*|\w*narciar\w*|nartach|narty|lyž\w*|běžk\w*|лыж\w*|"
    r"\w*snowboard\w*|sled\w*|bobsle\w*|bob|luge|tobogg?an\w*|rodel\w*|schlitten\w*|snowshoe\w*|schneeschuh\w*|raquettes?|"
    r"ciaspol\w*|längdsk\w*|sífut\w*|rullesk\w*|\w*eis(?:kunst|schnell)?l[aä]uf\w*|\w*skat\w*|inline\w*|\w*schaats\w*|"
    r"skeeler\w*|roller\w*|rollschuh\w*|rollen|patin\w*|pattin\w*|łyż\w*|rolk\w*|konk\w*|коньк\w*|ролик\w*|skøjte\w*|"
    r"skridsk\w*|luistel\w*|brusl\w*|korčul\w*|korcsoly\w*|buz pateni|"
    # wheels and motors
    r"\w*bik(?:e|es|er|ing)|cycl\w*|bicycl\w*|\w*cycling|ride|rides|riding|mtb|\w*r[aä]d(?:er|eln|fahren|tour)?|"
    r"\w*fahrr[aä]d\w*|v[eé]lo\w*|vtt|cyclis\w*|bici\w*|ciclis\w*|fiets\w*|wielren\w*|sykkel\w*|\w*cykel\w*|cykl\w*|"
    r"rower\w*|kolo|kole|kolář\w*|pyörä\w*|kerékp\w*|bisiklet\w*|вело\w*|løbehjul\w*|laufrad\w*|scooter\w*|trottinette|"
    r"monopatín|kickbike\w*|roller|e-?bike\w*|hand ?cycl\w*|wheelchair|rollstuhl\w*|fauteuil|auto\w*|car|cars|coches|"
    r"voitures?|kart\w*|motor\w*|moto|rally\w*|nascar|drag|truck\w*|"
    # horses and other animals
    r"horse\w*|equest\w*|pferd\w*|reit\w*|ritt|chevaux|cheval|équit\w*|caballos?|hípic\w*|cavall[oi]|ippic\w*|paard\w*|"
    r"hest\w*|häst\w*|ratsast\w*|konn[aey]\w*|koni|kůň|koňsk\w*|konsk\w*|конн\w*|at yarışı|bulls?|toros?|encierro\w*|"
    # water and air
    r"swim\w*|schwimm\w*|nata\w*|nadar|nuoto|zwem\w*|sv[øö]m\w*|simn\w*|uinti\w*|plav\w*|pływan\w*|úsz\w*|плав\w*|"
    r"aqua\w*|\w*wasser\w*|water|deep ?water|pool|\w*surf\w*|kayak\w*|kajak\w*|cano\w*|kanu\w*|row|rowing|ruder\w*|"
    r"aviron|remo|paddl\w*|sup|sail\w*|segel\w*|voile|vela|regat\w*|div(?:e|ing)|tauch\w*|snorkel\w*|fish\w*|"
    r"parag\w*|gleitschirm\w*|kite\w*|"
    # on foot and no run
    r"walk\w*|\w*spazier\w*|marche|march|caminat\w*|caminh\w*|camminat\w*|passeggiat\w*|wandel\w*|promenad\w*|spacer\w*|"
    r"s[eé]ta|прогул\w*|hik(?:e|es|ed|ing)|wander\w*|trek\w*|rand[oó]\w*|senderis\w*|escursion\w*|vandr\w*|"
    r"climb\w*|kletter\w*|boulder\w*|escalad\w*|arrampic\w*|parkour|freerun\w*|stairs?|stair ?climb\w*|"
    # gym and games
    r"yoga|pilates|strength|kraft\w*|gym\w*|stretch\w*|mobility|dehn\w*|crossfit|weight\w*|hiit|crunch\w*|elliptic\w*|"
    r"ellipti[qk]\w*|crosstrainer|ergometer|stepper|spin\w*|zumba|danc\w*|tanz\w*|danse|ballet|box\w*|kampf\w*|martial|"
    r"karate|judo|taekwondo|wrestl\w*|fenc\w*|golf\w*|tennis|padel|pádel|badminton|squash|pickleball|baseball|softball|"
    r"basketball|volleyball|handball|football|fu[sß]+ball|fu[tß]bol|futebol|futsal|soccer|rugby|hockey|cricket|lacrosse|"
    r"polo|frisbee|bowl\w*|billiard\w*|darts|shoot\w*|archery|meditat\w*|breath\w*|kreislauf\w*|sauna|hunt\w*|jagd|"
    r"garden\w*|errands?|late|home ?runs?|gymkhana|game|games|"
    r"スキー\w*|スケート\w*|自転車\w*|サイクリング\w*|水泳|乗馬|競馬|滑雪\w*|滑冰\w*|轮滑\w*|輪滑\w*|骑行\w*|骑马|赛马|"
    r"自行车\w*|游泳|跑酷|跑车|스키\w*|스케이트\w*|자전거\w*|수영|승마"
)
"""Whole words of other sports, in the languages of the words for running: each vetoes what stands beside it."""
RUNS = (
    r"run|runs|runner|runners|running|jog|jogs|jogging|joggen|footing|parkrun|skyrunning|fun ?run|ultra ?run(?:ning)?|"
    r"\w*dauerlauf|\w*langstreckenlauf|\w*(?:berg|wald|gelände|volks|stadt|straßen|strassen|bahn|hindernis|treppen|morgen|"
    r"abend|nacht|mittags|trainings|halbmarathon|marathon|orientierungs|cross|trail|ultra|park|hallen|laufband|spenden|"
    r"firmen|silvester|regenerations|intervall|tempo|fahrt|steigerungs|hügel|barfuß|barfuss|nüchtern|test|wettkampf)"
    r"l[aä]uf(?:e|en|er)?|lauf|läufe|laufen|laufsport|laufeinheit|lauftraining|lauftreff|lauf-abc|"
    r"course (?:à|a) pied|course d.orientation|course (?:nature|libre|longue|lente|en montagne|en salle|en extérieur|"
    r"en sentier|sur route|sur piste|sur tapis|de montagne|de fond|d.obstacles|trail)|courir|jogging|"
    r"correr|corro|carrera|carreras|trote|rodaje|corrida|corridas|corsa|corse|correre|podismo|maratona|"
    r"hardlopen|hardloop\w*|løb|løbe|løbetur|løping|løp|løpe|løpetur|joggetur|terrengløp|motbakkeløp|löpning|löprunda|"
    r"löppass|löp|terränglöpning|juoksu\w*|\w*juoksu|juosten|jooks\w*|\w*jooks|bieg|biegi|bieganie|biegu|biegowy|"
    r"běh|běhu|běhání|beh|behu|behanie|futás|futó|\w+futás|koşu|koşusu|koşma|бег|бега|бегом|пробежка|пробежки|біг|бігу|"
    r"бягане|трчање|trčanje|trčanja|tek|tekanje|bėgimas|bėgimo|skriešana|skrējiens|alergare|alergat|τρέξιμο|lari|"
    r"chạy|вiг|ריצה|ריצת|الجري|جري|ركض|दौड़|วิ่ง|"
    r"跑步\w*|晨跑|夜跑|慢跑|长跑|長跑|越野跑|ランニング|ジョギング|달리기|러닝|조깅"
)
"""Whole words and known stems for running in a type that no table has."""
CAMEL = re.compile(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Þ])")
CJK = re.compile(r"[\u0e00-\u0e7f\u0900-\u097f\u3040-\u9fff\uac00-\ud7af]")
KNOWN = CHOSEN.union({sport for sport, _ in EXACT.values()}, EXACT, {"multisport", "fitness_equipment"})

Heard = Literal["running", "other", "unknown"]


@cache  # compiled when first asked for: every command would wait for it
def _pattern(words: str) -> re.Pattern[str]:
    # Scripts without blanks between words, and those whose vowel signs are no letters, have no word edges.
    spoken = words.split("|") if "(" not in words else re.split(r"\|(?![^(]*\))", words)
    edged = [one for one in spoken if not CJK.search(one)]
    bare = [one for one in spoken if CJK.search(one)]
    joined = rf"(?<!\w)(?:{'|'.join(edged)})(?!\w)"
    return re.compile("|".join([joined, *bare]), re.IGNORECASE)


_OTHERS = "|".join(OTHER_SPORTS.values())


def word_key(word: str) -> str:
    """The word as it is kept and answered: "Gravel Run", "gravel-run" and "GRAVEL_RUN" are one."""
    return re.sub(r"[\s_-]+", "_", unicodedata.normalize("NFKC", word).strip().casefold())


def heard_word(word: str) -> Heard:
    """What a word that no table has says: that it is running, another sport, or nothing that is known."""
    text = re.sub(r"[\s_/-]+", " ", CAMEL.sub(" ", unicodedata.normalize("NFKC", word).strip()))
    if _pattern(VETO).search(text) or _pattern(_OTHERS).search(text):
        return "other"
    return "running" if _pattern(RUNS).search(text) else "unknown"


def is_known_sport(sport: str | None) -> bool:
    """Whether a sport needs no question: a table has it, or the source names none."""
    return sport is None or sport in KNOWN or sport in UNKNOWN


def is_running(sport: str | None) -> bool:
    """Whether a sport or a word for one says running, known or not."""
    return sport == "running" or (sport is not None and not is_known_sport(sport) and heard_word(sport) == "running")


def sport_in_file(kind: str | None) -> Named:
    """What the type of a track says, in any language; the word itself where it only holds one for running or another
    sport, and nothing where nobody knows it: then the movement tells."""
    named = sport_of_type(kind)
    if named[0] is not None or kind is None:
        return named
    return (None, None) if heard_word(kind) == "unknown" else (kind, None)


def as_written(word: str | None) -> str | None:
    """A service's word as it is noted: in lower case, unless how it is written tells that it is a run."""
    return word if word is None or is_running(word) else word.lower()


def with_heard_sport(recording: Recording) -> Recording:
    """The recording whose sport is a word that no table has: a run that is marked as inferred, another sport by its
    name, or a word to ask about."""
    sport = recording.sport
    if is_known_sport(sport) or sport is None or recording.decoder in SAID_BY_DEVICES:
        return recording
    key, found = word_key(sport), heard_word(sport)
    if is_known_sport(key):
        return replace(recording, sport=key)
    if found == "other":
        return replace(recording, sport=key)
    marked = {**recording.extra, SPORT_WORD: key}
    if found == "running":
        return replace(recording, sport="running", sport_inferred=True, extra=marked)
    return replace(recording, sport=key, extra=marked)
