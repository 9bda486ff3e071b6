"""TCX and GPX documents that tests make up from recordings."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np

from rules.facts.recorded import LapIntensity, LapTrigger, Recording

TCX_SPORTS = {"running": "Running", "cycling": "Biking"}
TCX_TRIGGERS = {
    LapTrigger.MANUAL: "Manual",
    LapTrigger.DISTANCE: "Distance",
    LapTrigger.POSITION: "Location",
    LapTrigger.TIME: "Time",
}


def tcx(recording: Recording) -> bytes:
    """Laps with their points, speed and cadence in the extensions as Garmin writes them."""
    laps = "".join(
        f'<Lap StartTime="{_zulu(lap.start_utc)}"><TotalTimeSeconds>{lap.timer_s}</TotalTimeSeconds>'
        f"<DistanceMeters>{lap.distance_m}</DistanceMeters><Calories>50</Calories>"
        f"<AverageHeartRateBpm><Value>{lap.mean_heart_rate_bpm:.0f}</Value></AverageHeartRateBpm>"
        f"<MaximumHeartRateBpm><Value>{lap.max_heart_rate_bpm:.0f}</Value></MaximumHeartRateBpm>"
        f"<Intensity>{'Resting' if lap.intensity is LapIntensity.REST else 'Active'}</Intensity>"
        f"<TriggerMethod>{TCX_TRIGGERS[lap.trigger or LapTrigger.MANUAL]}</TriggerMethod>"
        f"<Track>{_tcx_points(recording, lap.start_utc, lap.elapsed_s)}</Track></Lap>"
        for lap in recording.laps
    )
    notes = "" if recording.description is None else f"<Notes>{recording.description}</Notes>"
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<TrainingCenterDatabase xmlns="http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2"'
        ' xmlns:ns3="http://www.garmin.com/xmlschemas/ActivityExtension/v2">'
        f'<Activities><Activity Sport="{TCX_SPORTS.get(recording.sport or "", "Other")}">'
        f"<Id>{_zulu(recording.start_utc)}</Id>{laps}{notes}"
        f"<Creator><Name>{recording.device}</Name></Creator></Activity></Activities></TrainingCenterDatabase>"
    ).encode()


def _tcx_points(recording: Recording, start_utc: datetime, elapsed_s: float) -> str:
    samples = recording.samples
    assert samples is not None
    points = []
    for row, t_s in enumerate(samples.t_s):
        moment = recording.start_utc + timedelta(seconds=float(t_s))
        if not start_utc <= moment < start_utc + timedelta(seconds=elapsed_s):
            continue
        point = f"<Time>{_zulu(moment)}</Time>"
        if np.isfinite(samples.latitude_deg[row]):
            point += (
                f"<Position><LatitudeDegrees>{samples.latitude_deg[row]}</LatitudeDegrees>"
                f"<LongitudeDegrees>{samples.longitude_deg[row]}</LongitudeDegrees></Position>"
            )
        point += _tag("AltitudeMeters", samples.altitude_m[row]) + _tag("DistanceMeters", samples.distance_m[row])
        if np.isfinite(samples.heart_rate_bpm[row]):
            point += f"<HeartRateBpm><Value>{samples.heart_rate_bpm[row]:.0f}</Value></HeartRateBpm>"
        point += "<Extensions><ns3:TPX>" + _tag("ns3:Speed", samples.speed_mps[row])
        point += _tag("ns3:RunCadence", samples.cadence_spm[row] / 2) + _tag("ns3:Watts", samples.power_w[row])
        points.append(f"<Trackpoint>{point}</ns3:TPX></Extensions></Trackpoint>")
    return "".join(points)


def gpx(*recordings: Recording, zone: str = "Z") -> bytes:
    """One track for each recording, heart rate, cadence, temperature and power in Garmin's and Strava's extensions."""
    tracks = "".join(
        "<trk>"
        + ("" if recording.title is None else f"<name>{recording.title}</name>")
        + ("" if recording.sport is None else f"<type>{recording.sport}</type>")
        + f"<trkseg>{_gpx_points(recording, zone)}</trkseg></trk>"
        for recording in recordings
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<gpx version="1.1" creator="Made-up Watch"'
        ' xmlns="http://www.topografix.com/GPX/1/1"'
        ' xmlns:gpxtpx="http://www.garmin.com/xmlschemas/TrackPointExtension/v1">'
        f"<metadata><time>2026-03-14T06:00:00Z</time></metadata>{tracks}</gpx>"
    ).encode()


def _gpx_points(recording: Recording, zone: str) -> str:
    samples = recording.samples
    assert samples is not None
    shift = timedelta(seconds=recording.utc_offset_s or 0)
    points = []
    for row, t_s in enumerate(samples.t_s):
        moment = (recording.start_utc + shift + timedelta(seconds=float(t_s))).isoformat()
        points.append(
            f'<trkpt lat="{samples.latitude_deg[row]}" lon="{samples.longitude_deg[row]}">'
            + _tag("ele", samples.altitude_m[row])
            + f"<time>{moment}{zone}</time><extensions>"
            + _tag("power", samples.power_w[row])
            + "<gpxtpx:TrackPointExtension>"
            + _tag("gpxtpx:atemp", samples.temperature_c[row])
            + _tag("gpxtpx:hr", samples.heart_rate_bpm[row])
            + _tag("gpxtpx:cad", samples.cadence_spm[row] / 2)
            + "</gpxtpx:TrackPointExtension></extensions></trkpt>"
        )
    return "".join(points)


def _zulu(moment: datetime) -> str:
    return moment.isoformat() + "Z"


def _tag(name: str, value: float) -> str:
    return f"<{name}>{value}</{name}>" if np.isfinite(value) else ""
