"""Tables by the words of their header, in every language whose sports we know; clocks, marks and digits as written."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from sync.formats.read import members
from sync.formats.sport_words import sport_of_type
from sync.formats.tables.cells import cell_seconds
from sync.formats.tables.dates import moment
from sync.formats.tables.header_words import Heading, heading
from sync.formats.tables.read import read_table
from sync.formats.unwrap import Limits
from tests.factories_tables import BERLIN, only, read

LOGS = {
    "en": ("Date,Distance (mi),Duration,Heart Rate (bpm),Elevation Gain (ft)", "2026-03-14,6.214,0:52:10,151,328.084"),
    "de": ("Datum;Strecke in km;Dauer;Durchschnittspuls;Höhenmeter", "14.03.2026;10,0;0:52:10;151;100"),
    "fr": ("Date;Distance (km);Temps;FC moy.;Dénivelé positif (m)", "14/03/2026;10,0;0:52:10;151;100"),
    "es": ("Fecha;Distancia (km);Duración;Pulsaciones;Desnivel", "14/03/2026;10,0;0:52:10;151;100"),
    "it": ("Data;Distanza (km);Tempo;FC media;Dislivello (m)", "14/03/2026;10,0;0:52:10;151;100"),
    "pt": ("Data;Distância (km);Duração;FC média;Subida", "14/03/2026;10,0;0:52:10;151;100"),
    "nl": ("Datum;Afstand (km);Tijd;Gem. hartslag;Stijging", "14-03-2026;10,0;0:52:10;151;100"),
    "da": ("Dato;Afstand (km);Tid;Gns. puls;Stigning", "14.03.2026;10,0;0.52.10;151;100"),
    "no": ("Dato;Distanse (km);Varighet;Puls;Høydemeter", "14.03.2026;10,0;0:52:10;151;100"),
    "sv": ("Datum;Distans (km);Tid;Medelpuls;Höjdmeter", "2026-03-14;10,0;0:52:10;151;100"),
    "fi": ("Päivämäärä;Etäisyys (km);Kesto;Keskisyke;Nousu", "14.3.2026;10,0;0.52.10;151;100"),
    "pl": ("Data;Dystans (km);Czas trwania;Śr. tętno;Przewyższenie", "14.03.2026;10,0;0:52:10;151;100"),
    "cs": ("Datum;Vzdálenost (km);Čas;Prům. tep;Převýšení", "14. 3. 2026;10,0;0:52:10;151;100"),
    "sk": ("Dátum;Vzdialenosť (km);Čas;Pulz;Prevýšenie", "14. 3. 2026;10,0;0:52:10;;100"),
    "hu": ("Dátum;Távolság (km);Idő;Átlagpulzus;Emelkedés", "2026.03.14;10,0;0:52:10;;100"),
    "tr": ("Tarih;Mesafe (km);Süre;Nabız;Tırmanış", "14.03.2026;10,0;0:52:10;151;100"),
    "ru": ("Дата;Расстояние (км);Время;Средний пульс;Набор высоты (м)", "14.03.2026;10,0;0:52:10;151;100"),
    "zh": ("日期,距离(公里),用时,平均心率,累计爬升", "2026-03-14,10.0,0:52:10,151,100"),
    "ko": ("날짜,거리(km),시간,평균 심박수,상승", "2026-03-14,10.0,0:52:10,151,100"),
    "uk": ("Дата;Відстань, км;Час;Сер. пульс;Набір висоти, м", "14.03.2026;10,0;0:52:10;151;100"),
    "ro": ("Dată;Distanță (km);Durată;Puls mediu;Urcare totală", "14.03.2026;10,0;0:52:10;151;100"),
    "et": ("Kuupäev;Vahemaa (km);Aeg;Pulss;Tõus", "14.03.2026;10,0;0:52:10;151;100"),
    "el": ("ΗΜΕΡΟΜΗΝΊΑ;ΑΠΌΣΤΑΣΗ (χλμ);ΧΡΌΝΟΣ;Μέσοι παλμοί;Συνολική ανάβαση", "14/03/2026;10,0;0:52:10;151;100"),
    "tr in capitals": ("TARİH;MESAFE (KM);SÜRE;NABIZ;TIRMANIŞ", "14.03.2026;10,0;0:52:10;151;100"),
    "id": ("Tanggal;Jarak (km);Durasi;Detak jantung;Tanjakan", "14/03/2026;10,0;0:52:10;151;100"),
    "hr": ("Datum;Udaljenost (km);Vrijeme;Prosječni puls;Uspon", "14.03.2026.;10,0;0:52:10;151;100"),
    "sl": ("Datum;Razdalja (km);Čas;Srčni utrip;Vzpon", "14. 3. 2026;10,0;0:52:10;151;100"),
    "sr": ("Датум;Раздаљина (км);Време;Пулс;Успон", "14.03.2026;10,0;0:52:10;151;100"),
    "bg": ("Дата;Разстояние (км);Време;Пулс;Изкачване", "14.03.2026;10,0;0:52:10;151;100"),
    "lt": ("Data;Atstumas (km);Laikas;Pulsas;Pakilimas", "2026-03-14;10,0;0:52:10;151;100"),
    "lv": ("Datums;Attālums (km);Laiks;Vidējais pulss;Kāpums", "14.03.2026;10,0;0:52:10;151;100"),
    "vi": ("Ngày;Khoảng cách (km);Thời gian;Nhịp tim trung bình;Độ cao", "14/03/2026;10,0;0:52:10;151;100"),
    "th": ("วันที่;ระยะทาง (กม.);เวลา;อัตราการเต้นของหัวใจเฉลี่ย;ความสูง", "14/03/2569;10.0;0:52:10;151;100"),
    "ar": ("التاريخ;المسافة (كم);الوقت;النبض;الارتفاع", "١٤/٠٣/٢٠٢٦;١٠٫٠;٠:٥٢:١٠;١٥١;١٠٠"),
    "he": ("תאריך;מרחק (ק״מ);זמן;דופק ממוצע;טיפוס", "14/03/2026;10.0;0:52:10;151;100"),
    "hi": ("दिनांक;दूरी (किमी);समय;हृदय गति;चढ़ाई", "१४/०३/२०२६;१०.०;०:५२:१०;१५१;१००"),
    "fa": ("تاریخ;مسافت (کیلومتر);زمان;ضربان قلب;صعود", "۲۰۲۶/۰۳/۱۴;۱۰٫۰;۰:۵۲:۱۰;۱۵۱;۱۰۰"),
    "ca": ("Data;Distància (km);Temps;FC mitjana;Desnivell", "14/03/2026;10,0;0:52:10;151;100"),
    "longer words": (
        "Date de la séance;Distance parcourue (km);Temps de course;Fréquence cardiaque moyenne;Dénivelé positif (m)",
        "14/03/2026;10,0;0:52:10;151;100",
    ),
    "ja": ("日付,距離(キロ),タイム,平均心拍,獲得標高", "2026/03/14,10.0,0:52:10,151,100"),
}


@pytest.mark.parametrize("language", LOGS)
def test_a_log_in_each_language(language: str) -> None:
    header, row = LOGS[language]
    run = only(read(f"{header}\n{row}\n"))
    assert (run.start_utc, run.elapsed_s) == (datetime(2026, 3, 14, 11), 3130)
    assert run.distance_m == pytest.approx(10_000, abs=2)
    assert run.ascent_m == pytest.approx(100, abs=0.1)
    assert run.mean_heart_rate_bpm in (151, None if language in ("sk", "hu") else 151)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("Max. Herzfrequenz (bpm)", Heading("max_heart_rate", "bpm")),
        ("Max Speed (km/h)", Heading(None, None)),
        ("Avg. Run Cadence", Heading("cadence", None)),
        ("MovingTime", Heading("moving", None)),
        ("movingtime", Heading("moving", None)),
        ("ElapsedTime", Heading("elapsed", None)),
        ("sportTime(s)", Heading("elapsed", "s")),
        ("time_mmss", Heading("elapsed", "clock")),
        ("GPX File", Heading("file", None)),
        ("Min. hoogte", Heading(None, None)),
        ("Дистанция, км", Heading("distance", "km")),
        ("이동 시간", Heading("moving", None)),
        ("Průměrné tempo", Heading("pace", None)),
        ("Tempo totale", Heading("elapsed", None)),
        ("Wetter", Heading(None, None)),
    ],
)
def test_headers_with_units_and_means(name: str, says: Heading) -> None:
    assert heading(name) == says


@pytest.mark.parametrize("page", ["cp932", "utf-16", "utf-8"])
def test_spreadsheets_of_other_countries(page: str) -> None:
    header, row = LOGS["ja"]
    assert only(read(f"{header}\n{row}\n".encode(page))).distance_m == 10_000


def test_a_central_european_code_page() -> None:
    header, row = LOGS["pl"]
    assert only(read(f"{header}\n{row}\n".encode("cp1250"))).mean_heart_rate_bpm == 151


def test_arabic_and_persian_digits() -> None:
    assert only(read("date,distance_km,time\n٢٠٢٦-٠٣-١٤,١٠٫٠,٠:٥٢:١٠\n")).distance_m == 10_000
    assert only(read("date,distance_km,time\n۲۰۲۶/۰۳/۱۴,۱۰,۰:۵۲:۱۰\n")).elapsed_s == 3130


@pytest.mark.parametrize(("text", "seconds"), [("0.46.07", 2767), ("1.02.03,5", 3723.5), ("46.07", None)])
def test_times_with_dots(text: str, seconds: float | None) -> None:
    assert cell_seconds(text) == seconds


@pytest.mark.parametrize(
    "text",
    ["14. mar. 2026 06.30.00", "14.3.2026 klo 6.30.00", "14 Mar 2026 06.30.00", "14. března 2026 6:30:00",
     "14 marca 2026 06:30:00", "2026年3月14日 6時30分00秒", "14 thg 3, 2026 06:30:00", "14 มี.ค. 2569 06:30:00",
     "14 Μαρτίου 2026, 6:30:00 π.μ.", "14 березня 2026 06:30", "14.03.2026 06.30", "14/03/2026 06h30",
     "14 مارس 2026 6:30:00 ص", "Mar 14, 2026, 6:30:00 AM", "14/03/2026 6:30:00 a. m.", "14 maaliskuuta 2026 6.30.00"],
)  # fmt: skip
def test_instants_as_many_countries_write_them(text: str) -> None:
    assert moment(text, day_first=True) == datetime(2026, 3, 14, 6, 30)


RUNS = {
    "trail": "Trail Running|Trailrunning|Trailrunnen|Course de trail|Trail|トレイルランニング|越野跑|Terrengløping|"
    "Stiløping",
    "treadmill": "Laufband|Course sur tapis|Carrera en cinta|Corsa su tapis roulant|Corrida em esteira|Loopband|"
    "Løbebånd|"
    "Tapis roulant|Διάδρομος|הליכון|Máy chạy bộ|ลู่วิ่ง|Juoksumatto|Bieganie na bieżni|トレッドミル|跑步机|트레드밀",
    "track": "Baanlopen|Banlöpning|Baneløping|田径跑|Course sur piste|Corsa su pista|Track Running|トラックラン",
    None: "Running|Laufen|Course à pied|Carrera|Corsa|Corrida|Hardlopen|Løb|Løping|Löpning|Juoksu|Bieganie|Běh|Beh|"
    "Futás|"
    "Koşu|Бег|ラン|ランニング|跑步|户外跑步|달리기|러닝|Bieg|Jogging|الركض|جري",
}


@pytest.mark.parametrize(
    ("sub_sport", "kind"), [(sub, kind) for sub, kinds in RUNS.items() for kind in kinds.split("|")]
)
def test_a_kind_of_running_is_running(sub_sport: str | None, kind: str) -> None:
    assert sport_of_type(kind) == ("running", sub_sport)


@pytest.mark.parametrize(
    "kind",
    [
        "Trail Ride",
        "Course de ski",
        "Skilanglauf",
        "Eislaufen",
        "Inlineskaten",
        "Ski de fond",
        "Track Cycling",
        "Ciclismo en pista",
        "Ciclismo",
        "Langlauf",
        "Virtual Ride",
        "Randonnée",
        "Wandern",
        "Golf",
        "Padel",
        "Yoga",
        "Horse riding",
        "水泳",
        "骑行",
        "自転車",
        "Brunch",
    ],
)
def test_other_sports_are_not(kind: str) -> None:
    assert sport_of_type(kind)[0] != "running"


@pytest.mark.parametrize(("unit", "metres"), [("km", 10_000), ("mi", 16_093.44), ("miles", 16_093.44), ("metres", 10)])
def test_a_unit_alone_is_a_header(unit: str, metres: float) -> None:
    assert only(read(f"day,{unit},minutes\n2026-03-14,10,52\n")).distance_m == metres


RUNKEEPER = (
    "Activity Id,Date,Type,Route Name,Distance (km),Duration,Average Pace,Average Speed (km/h),"
    "Calories Burned,Climb (m),"
    "Average Heart Rate (bpm),Notes,GPX File"
)


def test_a_header_is_believed_before_the_places() -> None:
    row = "9d2c-1,2026-03-14 06:30:00,Running,Canal,10.05,52:10,5:11,11.6,700,48,151,easy,2026-03-14-0630.gpx"
    table = read(f"{RUNKEEPER}\n{row}\n")
    run = only(table)
    assert (table.kind, run.distance_m, run.elapsed_s) == ("running_log", 10_050, 3130)
    assert (run.ascent_m, run.mean_heart_rate_bpm, run.title) == (48, 151, "Canal")
    assert table.rows[0].file_name == "2026-03-14-0630.gpx"


def test_stravas_columns_by_place_in_another_language() -> None:
    names = ["" for _ in range(46)]
    names[:7] = ["Id", "Pvm", "Nimi", "Laji", "Kuvaus", "Aika", "Matka"]
    cells = ["" for _ in range(46)]
    cells[:7] = ["4711", "14.3.2026 klo 4.30.00", "Aamu", "Juoksu", "", "3200", '"10,05"']
    cells[12] = "activities/1.gpx"
    cells[15:18], cells[20], cells[29], cells[31] = ["3200.0", "3130.0", "10049.5"], "48.0", "84.0", "151.0"
    run = only(read(",".join(names) + "\n" + ",".join(cells) + "\n"))
    assert (run.start_utc, run.moving_s, run.distance_m) == (datetime(2026, 3, 14, 4, 30), 3130, 10_049.5)
    assert (run.ascent_m, run.mean_heart_rate_bpm, run.mean_cadence_spm) == (48, 151, 168)


def test_stravas_table_in_another_language_without_its_files() -> None:
    names = ["" for _ in range(46)]
    names[:13] = ["ID", "Datum", "Naam", "Type", "Beschrijving", "Verstreken tijd", "Afstand", "Max. hartslag", "", "",
                  "", "Uitrusting", "Bestandsnaam"]  # fmt: skip
    cells = ["" for _ in range(46)]
    cells[:7] = ["9000000001", "14 mrt 2026 04:30:00", "Ochtend", "Hardloopsessie", "", "3200", '"10,05"']
    cells[15:18], cells[20], cells[31] = ["3200.0", "3130.0", "10049.5"], "48.0", "151.0"
    table = read(",".join(names) + "\n" + ",".join(cells) + "\n")
    run = only(table)
    assert (table.kind, run.start_utc, run.distance_m) == ("strava_csv", datetime(2026, 3, 14, 4, 30), 10_049.5)
    assert (run.moving_s, run.ascent_m, run.mean_heart_rate_bpm) == (3130, 48, 151)


def test_a_list_of_runs_without_a_readable_row_is_a_problem(tmp_path: Path) -> None:
    def reason(text: str) -> tuple[str | None, str | None]:
        path = tmp_path / "log.csv"
        path.write_text(text, encoding="utf-8")
        (leaf,) = members(path, "log.csv", Limits(), tables=lambda data, name: read_table(data, name, BERLIN))
        return (leaf.problem.reason if leaf.problem else None), leaf.ignored

    assert reason("Datum;Strecke (km);Zeit\ngestern;10;0:50:00\nheute;9;0:45:00\n") == ("table-unreadable", None)
    assert reason("Date,Distance (km),Time\n2026-03-14,90,0:07:00\n2026-03-15,91,0:07:00\n") == (
        "table-impossible",
        None,
    )
    assert reason("Datum;Temperatur\n2026-03-14;8\n") == (None, "no-activity")
