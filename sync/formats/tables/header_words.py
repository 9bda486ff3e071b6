"""What a column of a table says, by the words of its header: by stem, in every language whose sports we know.

A header is taken apart into its words and its unit ("Distanz (km)", "dist_m", "距離(km)"); words that only say "mean"
or "all" are left out. One list serves every table: logs that people keep, and account exports.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal

ColumnRole = Literal[
    "date", "clock", "distance", "moving", "elapsed", "pace", "heart_rate", "max_heart_rate", "ascent", "descent",
    "cadence", "kind", "title", "notes", "file", "identity",
]  # fmt: skip

WORDS: dict[ColumnRole, str] = {
    # English; German; French; Spanish, Italian, Portuguese; Dutch; Danish, Norwegian, Swedish, Finnish; Polish, Czech,
    # Slovak, Hungarian; Turkish; Russian, Ukrainian; Japanese; Chinese; Korean; Romanian, Estonian, Greek, Indonesian.
    "date": r"(activity |workout |start )?date|day|date ?time|timestamp|(start|trainings?|aktivitäts)?datum|tag|jour|"
    r"fecha|"
    r"d[ií]a|data|giorno|dag|(start)?dato|pvm|päivä|päiväys|päivämäärä|dzień|den|deň|dátum|nap|tarih|gün|дата|день|"
    r"日付|日時|日期|日|날짜|일자|dată|ziua?|kuupäev|ημερομηνία|tanggal|(begin|start|began|started) ?(time|at)?|"
    r"beginn|début|inicio|início|inizio|aanvang|開始日時|开始时间|开始日期|начало|시작 시간"
    r"|when|data|datums|diena|дан|ден|датум|ngày|วันที่|التاريخ|تاريخ|תאריך|दिनांक|तारीख|तिथि|تاریخ"
    r"|workout day|data (attività|da atividade|aktywności)|datum van (de )?activiteit"
    r"|date de l.activité|fecha de (la )?actividad|data dell.attività"
    r"|アクティビティ(の日付|日)|活动日期|活動日期|활동 날짜",
    "clock": r"start ?(time|zeit|tijd|tid)|time of day|uhrzeit|heure( de début)?|hora( de inicio| de início)?|ora|"
    r"orario|tijdstip|klokkeslæt|klokkeslett|klockslag|kello|kellonaika|aloitusaika|godzina|hodina|začátek|"
    r"kezdés( ideje)?|saat|время начала|開始時刻|時刻|开始时刻|시각|kellaaeg|ώρα|jam|time",
    "distance": r"dist(ance|anz|ancia|ância|anza|anse|ans|anță)?|strecke|entfernung|kilomet(?:er|ers|re|res)|"
    r"kms?|mi|met(?:er|ers|re|res)|"
    r"miles?|recorrido|afstand|strækning|lengde|sträcka|matka|etäisyys|dystans|odległość|vzdálenost|vzdialenosť|"
    r"táv|távolság|mesafe|uzaklık|расстояние|дистанция|відстань|дистанція|距離|距离|里程|路程|거리|vahemaa|απόσταση|jarak"
    r"|kilom[eèé]tr(es|os|i|y)|quil[oô]metros|chilometri|километры|distanta|distanţă|distancija"
    r"|distància|udaljenost|daljina|razdalja|раздаљина|удаљеност|разстояние|atstumas|nuotolis|attālums"
    r"|khoảng cách|quãng đường|ระยะทาง|المسافة|مسافة|מרחק|दूरी|مسافت|فاصله|走行距離|走った距離|跑步距离|跑量",
    "moving": r"(moving|movement|active)( ?time| duration)?|mov( time)?|(zeit in )?bewegung(szeit)?|"
    r"temps de (déplacement|"
    r"mouvement)|tiempo en movimiento|tempo in movimento|(tempo )?em movimento|tijd in beweging|beweegtijd|"
    r"bevægelsestid|tid i bevægelse|tid i bevegelse|tid i rörelse|liikkeessäoloaika|liikeaika|czas ruchu|"
    r"czas w ruchu|doba pohybu|čas pohybu|mozgási idő|mozgásidő|hareket süresi|время (в )?движени[яи]|移動時間|"
    r"移动时间|移動時長|이동 ?시간"
    r"|vrijeme kretanja|vreme kretanja|čas gibanja|timp (de|în) (deplasare|mișcare|mişcare)"
    r"|χρόνος κίνησης|waktu bergerak|thời gian di chuyển|เวลาเคลื่อนที่|เวลาที่เคลื่อนไหว|وقت الحركة"
    r"|זמן תנועה|liikumisaeg|judėjimo laikas|kustības laiks|час руху|mozgásban töltött idő"
    r"|durée de déplacement|tempo de movimentação|tempo (di|in) movimento|czas przemieszczania się"
    r"|tiempo de movimiento",
    "elapsed": r"(elapsed|sport|workout|total|finish|run|exercise)? ?(time|duration)|elapsed|dur|sporttime|dauer|zeit|"
    r"(gesamt|lauf|trainings)(zeit|dauer)|verstrichene zeit|durée|temps( écoulé| total)?|tiempo( transcurrido| total)?|"
    r"duración|durata|tempo( trascorso| totale| decorrido| total)?|duração|tijd|duur|verstreken tijd|tid|varighed|"
    r"forløbet tid|varighet|forløpt tid|varaktighet|förfluten tid|aika|kesto|kulunut aika|czas( trwania)?|"
    r"upłynęło|čas|doba( trvání)?|trvání|trvanie|uplynulý čas|idő|időtartam|eltelt idő|süre|zaman|geçen süre|время|"
    r"продолжительность|длительность|прошедшее время|час|тривалість|時間|タイム|所要時間|経過時間|时间|时长|用时|時長|"
    r"经过时间|总时间|시간|경과 ?시간|运动时间|durată|timp|kestus|aeg|διάρκεια|χρόνος|durasi|waktu"
    r"|laufzeit|vrijeme|vreme|trajanje|(proteklo|ukupno) vrijeme|време|времетраене|продължителност"
    r"|общо време|trukmė|laikas|ilgums|laiks|thời gian( trôi qua)?|thời lượng|เวลา(ที่ผ่านไป)?"
    r"|ระยะเวลา|الوقت( المنقضي)?|المدة|مدة|זמן( שחלף)?|משך|समय|अवधि|زمان|مدت|durada|timp scurs"
    r"|χρόνος που πέρασε|waktu berlalu|upłynęło czasu|全程耗时"
    r"|time total|total moving and resting time|czas całkowity|duração total|tempo complessivo"
    r"|durée totale|duración total",
    "pace": r"(best |max |min )?(pace|speed)|(beste |max )?(pace|geschwindigkeit|tempo|snelheid)|allure|vitesse|ritmo|"
    r"velocidad|andatura|passo|velocità|velocidade|vauhti|nopeus|hastighed|fart|prędkość|rychlost|sebesség|hız|темп|"
    r"скорость|ペース|配速|速度|페이스"
    r"|ritm|ρυθμός|brzina|hitrost|скорост|เพซ|السرعة|سرعة|קצב",
    "heart_rate": r"heart ?rate|heartrate|hr|bpm|pulse|puls|herzfrequenz|hf|herzschlag|fc|fréquence cardiaque|pouls|"
    r"frecuencia card[ií]aca|pulsaciones|pulso|frequenza cardiaca|battito|frequência cardíaca|hartslag|hs|hartritme|"
    r"syke|tętno|tep|tepová frekvence|srdeční tep|srdcová frekvencia|tepová frekvencia|pulzus|pulzusszám|nabız|"
    r"kalp atış hızı|kah|пульс|чсс|心拍数|心拍|心率|심박수?|puls cardiac|pulss|παλμοί|detak jantung|hjertefrekvens|"
    r"hjerterytme|hjärtfrekvens"
    r"|freq\.? card[ií]aca|frecvență cardiacă|frequència cardíaca|rc|st|κρ|чп|pulz|utrip|srčni utrip"
    r"|пулс|pulsas|nhịp tim|อัตราการเต้นของหัวใจ|ชีพจร|النبض|نبض|معدل ضربات القلب|דופק|हृदय गति"
    r"|ضربان( قلب)?|心跳",
    "ascent": r"(elevation|elev|altitude|height) ?gain|elevationgain|total elevation gain|ascent|climb|elev|"
    r"höhen(meter|gewinn|zunahme)|hm|anstieg|aufstieg|dénivelé( positif)?|d\+|montée|ascension|gain (d'altitude|"
    r"d'élévation)|desnivel( positivo)?|ascenso|ascensión|subida|dislivello( positivo)?|ascesa|salita|ascensão|"
    r"ganho de (elevação|altitude|altimetria)|stijging|hoogtemeters|hoogtewinst|stigning|højdemeter|høydemeter|"
    r"høydeøkning|höjdmeter|höjdökning|nousu|kokonaisnousu|wznios|przewyższenie|podejście|stoupání|převýšení|"
    r"nastoupáno|stúpanie|prevýšenie|emelkedés|emelkedő|szintemelkedés|szint|tırmanış|yükselti kazanımı|"
    r"набор( высоты)?|"
    r"上昇量|総上昇量|獲得標高|累積標高|爬升|累计爬升|上升|海拔上升|상승 고도|고도 상승|상승"
    r"|elevation|elevação|elevación|elevazione|altimetria|desnivell|urcare|altitudine câștigată|tõus"
    r"|ανάβαση|pendakian|tanjakan|uspon|vzpon|успон|изкачване|денивелация|pakilimas|kāpums"
    r"|độ cao( lên)?|leo dốc|ความสูง|ขึ้น(รวม)?|الارتفاع|الصعود|صعود|טיפוס|עלייה|चढ़ाई|ارتفاع"
    r"|wzrost wysokości|набір( висоти)?|подъ[её]м|çıkış|상승고도",
    "descent": r"(elevation|elev) ?loss|descent|abstieg|dénivelé négatif|descente|descenso|discesa|descida|daling|fald|"
    r"nedstigning|lasku|spadek|klesání|süllyedés|iniş|спуск|下降量|総下降量|下降|하강",
    "cadence": r"(run )?cadence|[ck]ad[eê]n[zs]|kadenz|schrittfrequenz|schritte pro minute|cadence( de course)?|"
    r"cadencia( de carrera)?|cadenza( di corsa)?|cadência( de corrida)?|(loop)?cadans|(løbe)?kadence|kadens|"
    r"(løpe)?frekvens|skrittfrekvens|stegfrekvens|kadenssi|askeltiheys|kadencja|kadence|krokov.*|lépésszám|"
    r"lépésütem|kadans|adım hızı|каденс|частота шагов|ピッチ|ケイデンス|步频|케이던스|보폭수|spm",
    "kind": r"(activity|sport|workout|exercise|class) ?type|activitytype|type|sport|activity|art|sportart|"
    r"aktivität(sart|styp)|type d'activité|activité|tipo( de actividad| di attività| de atividade)?|actividad|deporte|"
    r"attività|atividade|esporte|activiteit(type|stype)?|aktivitet(stype|styp)?|laji|aktiviteetti|typ( aktywności|"
    r" aktivity)?|"
    r"aktywność|aktivita|druh|típus|tevékenységtípus|tevékenység|tür|aktivite türü|тип( активности| тренировки)?|вид|"
    r"種類|種目|アクティビティタイプ|アクティビティ|スポーツ|活动类型|运动类型|类型|运动|활동 유형|종류|운동"
    r"|(aktivitets?|suorituksen|aktiviteetin) ?(typ|type|tyyppi)|tip( de)?( activitate)?"
    r"|τύπος( δραστηριότητας)?|(jenis|tipe)( aktivitas| olahraga)?|vrsta( aktivnosti| sporta)?"
    r"|loại( hoạt động)?|ประเภท(กิจกรรม)?|نوع( النشاط)?|סוג( פעילות)?|प्रकार|тип (занятия|тренування)"
    r"|вид дейност|veids|tipas|spordiala|活動類型|運動類型|類型|тренировка"
    r"|(rodzaj|typ)( aktywności| sportu| treningu)?|type d.activité|tipo d.attività|tipo (de|di"
    r"|da) (la )?(actividad|attività|atividade)|アクティビティの(種類|タイプ)|discipline|disciplina|sportsoort"
    r"|soort( activiteit)?|activiteitstype|aktivitätsart",
    "title": r"(activity |route |workout )?(name|title)|activityname|titel|bezeichnung|name der aktivität|titre|nom|"
    r"t[ií]tulo|nombre|titolo|nome|naam|navn|namn|nimi|tytuł|nazwa|název|názov|név|cím|ad|başlık|название|имя|"
    r"タイトル|名前|标题|名称|제목|이름"
    r"|titlu|nume|τίτλος|όνομα|naslov|judul|nama|tiêu đề|tên|ชื่อ|العنوان|عنوان|اسم|כותרת|שם|शीर्षक"
    r"|नाम|標題|名稱|назва|pavadinimas|nosaukums|pealkiri|tittel|nombre de la actividad|nom de l.activité"
    r"|(aktivitets|aktiviteetin )(navn|namn|nimi)|nome da atividade|活動名稱|活动名称|アクティビティ名|활동 이름"
    r"|nazwa aktywności|naam (van )?(de )?activiteit|nome (dell.)?attività|nome attività|アクティビティの名前",
    "notes": r"notes?|comments?|description|bemerkung(en)?|kommentar(er)?|notiz(en)?|beschreibung|remarques?|"
    r"commentaires?|"
    r"notas?|comentarios?|note|opmerking(en)?|muistiinpanot|uwagi|poznámk[ay]|megjegyzés|notlar|заметки|комментарий|"
    r"メモ|備考|备注|메모",
    "file": r"(gpx|tcx|fit) file|file ?name|filename|dateiname|nom du fichier|nombre del archivo|nome del file|"
    r"bestandsnaam|filnavn|filnamn|tiedoston nimi|nazwa pliku|název souboru|ファイル名|文件名"
    r"|(nome|nama) (do |del )?(arquivo|file)|имя файла|파일 이름|dosya adı|檔名|nazwa pliku",
    "identity": r"id|activity id|run id|activityid|log ?id",
}  # fmt: skip
"""Whole words of a header after its unit and what only says "mean" are gone; what says more stands first."""
MEAN = (
    r"avg|average|mean|ø|⌀|durchschn(ittlich\w*|itt)?|moy(en|enne)?|media|medio|média|médio|prom|promedio|gem|"
    r"gemiddelde?|gns|gennemsnit\w*|gjennomsnitt\w*|gj|snitt|genomsnitt\w*|genoms|keski|keskimääräinen|śr|średni\w*|"
    r"prům|průměrn\w*|priem|priemern\w*|átl|átlag\w*|ort|ortalama|средн\w*|сер|середн\w*|total|totale|totaler|gesamt|"
    r"celkov\w*|łączn\w*|całkowit\w*|összes|teljes|toplam|общ\w*|all|approx|ср|sr|medie|mediu|totală|mitjan?a|prosječn\w*|"
    r"ukupn\w*|prose[cč]n\w*|просечн\w*|povprečn\w*|vidutin\w*|vidēj\w*|keskim|yhteensä|kokku|samlet|samlad|sammenlagt|"
    r"gj\.?sn|gj\.?snittlig|medel|μέσ\w*|συνολικ\w*|rata-rata|trung bình|tb|tổng|เฉลี่ย|متوسط|إجمالي|ממוצע\w*|כולל\w*|"
    r"औसत|平均|总|總|총|평균"
)
MOST = (
    r"max|maks|maximum|maximal\w*|maximale?|höchst\w*|máx|máxim\w*|massim\w*|hoogste|högst\w*|højest\w*|suurin|"
    r"enimmäis\w*|maksymal\w*|najwyższ\w*|nejvyšší|legnagyobb|макс|максимальн\w*|最大|最高|최대|최고"
)
LEAST = (
    r"min|minimum|minimal\w*|mindest\w*|mín|mínim\w*|minim\w*|laagste|lägst\w*|lavest\w*|pienin|最小|最低|мин|최소|최저"
)
UNITS: dict[str, str] = {
    "km": r"k|กม|กิโลเมตร|ק[\"״']מ|किमी|کیلومتر|"
    r"kms?|kilomet(er|ers|re|res|r|ro|ros|ri|rit|riä)|км|километр\w*|キロ(メートル)?|公里|千米|킬로미터|χλμ|كم",
    "mi": r"mi|mls|miles?|meilen?|mijl|millas?|milles|miglia|milhas?|миль|мили|英里|マイル|마일",
    "m": r"m|met(er|ers|re|res|ry|ri|ros)|mètres|м|метр\w*|米|メートル|미터",
    "ft": r"ft|feet|fuß|pieds|pies|футы?|英尺|フィート",
    "yd": r"yds?|yards?",
    "s": r"s|secs?|seconds?|sek|sekunden|secondes|segundos|secondi|сек|秒|초",
    "min": r"mins?|minutes?|minuten|minutos|minuti|мин|分|分钟|분",
    "h": r"h|hrs?|hours?|std|stunden|heures|horas|ore|ч|小时|시간",
    "ms": r"ms|millis|milliseconds",
    "clock": r"h?h:m?m(:s?s)?|h:m:s|hms|hhmmss|mmss|mm:ss|m:ss|h_?mm_?ss|hh_mm_ss|mm_ss",
    "bpm": r"bpm|count/min|lpm|ppm|sl/min|slag/min|уд/мин|拍/分|次/分|회/분|1/min|/min",
    "spm": r"spm|rpm|steps/min|schritte/min|steps per minute",
    "kcal": r"kcal|kj|cal",
}


def _folded(text: str) -> str:
    """In small letters, known words as well as headers: a final sigma, and both letters i of Turkish, become one."""
    return text.casefold().replace("i\u0307", "i").replace("ı", "i")


PICTURE = re.compile(r"^[\u2190-\u23ff\u2460-\u27bf\u2b00-\u2bff\ufe0f\u200d\U0001f000-\U0001faff ]+(?=\w)")


def _words_of(name: str) -> str:
    words = re.sub(r"[\s_]+", " ", _folded(unicodedata.normalize("NFKC", name))).strip(" .:")
    # A picture before the word says nothing.
    return PICTURE.sub("", words)


@cache  # compiled when first asked for: every command would wait for it
def _roles() -> dict[ColumnRole, re.Pattern[str]]:
    return {role: re.compile(_folded(words)) for role, words in WORDS.items()}


@cache
def _units() -> dict[str, re.Pattern[str]]:
    return {unit: re.compile(_folded(words)) for unit, words in UNITS.items()}


_TIGHT = r"[\u0900-\u097f\u0e00-\u0e7f\u3040-\u9fff\uac00-\ud7af]"
"""Scripts without blanks between words, or whose vowel signs are no letters."""
_BRACKETS = re.compile(r"^(.*?)\s*[(\[（【]([^)\]）】]*)[)\]）】]\s*$")
_LATIN = r"(?<![^\W\d_]){}(?![^\W\d_])\.?"


def _whole(words: str) -> re.Pattern[str]:
    words = _folded(words)
    spaced = "|".join(word for word in words.split("|") if not re.search(_TIGHT, word))
    tight = "|".join(word for word in words.split("|") if re.search(_TIGHT, word))
    return re.compile(_LATIN.format(f"(?:{spaced})") + (f"|{tight}" if tight else ""))


_JOINED = re.compile(
    r"^(durchschnitts|gesamt|gennemsnits|gjennomsnitts|genomsnitts|snitt|medel|keski|kokonais|átlag)(?=\w{3})"
)
"""The same as the first part of one long word: "Durchschnittspuls"."""
_MEAN, _MOST, _LEAST = _whole(MEAN), _whole(MOST), _whole(LEAST)


@dataclass(frozen=True, slots=True)
class Heading:
    """What a column says and in which unit, as far as its header tells."""

    role: ColumnRole | None
    unit: str | None


@lru_cache(maxsize=4096)
def heading(name: str) -> Heading:
    """A header's role and unit; no role for words that we do not know."""
    # "MovingTime" is two words as well.
    name = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    word = _words_of(name)
    whole = _role_of(word)
    # In some languages a word for hours is a word for time as well.
    word, unit = (word, None) if whole else _without_unit(word)
    if _LEAST.search(word) and not re.search(r"(zeit|time|tid|tijd)$", word):
        return Heading(None, unit)
    most = _MOST.search(word) is not None
    bare = re.sub(r"\s+", " ", _MOST.sub("", _MEAN.sub("", word))).strip(" .,:-") or word
    role = whole or _role_of(word)
    if role is None:
        role = _role_of(_JOINED.sub("", bare))
        if role == "elapsed" and bare == "tempo" and not WHOLE.search(word):
            # In half of Europe the mean "tempo" is a pace, in the other half nobody takes the mean of times.
            role = "pace"
    if role == "clock" and unit is not None:
        # "time_mmss" and "Time (min)" last, they do not begin.
        role = "elapsed"
    if most:
        role = "max_heart_rate" if role == "heart_rate" else None
    return Heading(role, unit)


WHOLE = re.compile(r"\b(total\w*|gesamt|celkov\w*|ukupn\w*|łączn\w*|complessivo)\b")
LOOSE: tuple[ColumnRole, ...] = ("date", "distance", "moving", "elapsed", "heart_rate", "ascent")
ANOTHER_THING = re.compile(
    r"\b(zone|zones|offset|unit|units|goal|target|limit|birth|type|id|format|to|until|since|created|added|updated|modified|"
    r"naissance|geburt|nascita|nacimiento|objectif|ziel)\b"
)
"""Beside a known word these make it say something else: a time zone is no time."""


@lru_cache(maxsize=4096)
def heading_by_first_words(name: str) -> Heading:
    """A longer header by its first one or two words, or a date by its last: "Distance parcourue", "Temps de course"."""
    word, unit = _without_unit(_words_of(name))
    parts = word.split()
    if not 2 <= len(parts) <= 6 or ANOTHER_THING.search(word) or _MOST.search(word) or _LEAST.search(word):
        return Heading(None, unit)
    for first in (" ".join(parts[:2]), parts[0]):
        role = heading(first).role
        if role in LOOSE:
            return Heading(role, unit)
    return Heading("date" if heading(parts[-1]).role == "date" else None, unit)


def _role_of(words: str) -> ColumnRole | None:
    return next((role for role, known in _roles().items() if known.fullmatch(words)), None)


def _without_unit(word: str) -> tuple[str, str | None]:
    """The words and the unit in brackets, or as the last word ("dist m", "duration in min")."""
    found = _BRACKETS.match(word)
    if found is not None and found[1]:
        unit = unit_named(found[2])
        # What stands in brackets and is no unit belongs to the words: "Schrittfrequenz (Laufen)" is one all the same.
        return found[1].strip(" .,:"), unit
    head, _, last = word.rpartition(" ")
    if head and (unit := unit_named(last)) is not None and not re.fullmatch(rf"(?:{MEAN}|{MOST})\.?", head):
        # "Avg HR" is no average in hours.
        return re.sub(r" in$", "", head).strip(" .,:"), unit
    return word, None


def unit_named(word: str) -> str | None:
    """The unit that a word in small letters names: "km", "mi", "m", "ft", "s", "min" …; ``None`` for any other."""
    plain = word.strip(" .")
    return next((unit for unit, words in _units().items() if words.fullmatch(plain)), None)
