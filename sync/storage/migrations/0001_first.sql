-- Instants are UTC without zone; `day` is the runner's own day. An id is a short hash or a client's UUID.

-- What arrived: contents, the names they were seen under, and what became of each file.

CREATE TABLE original (
    athlete TEXT NOT NULL,
    sha256 TEXT NOT NULL,            -- of the uncompressed content
    format TEXT NOT NULL,
    size_bytes BIGINT NOT NULL,
    first_seen_utc TIMESTAMP NOT NULL,
    PRIMARY KEY (athlete, sha256)
);

CREATE TABLE original_name (
    athlete TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    name TEXT NOT NULL,              -- base name; "a.zip/b.fit" inside an archive
    PRIMARY KEY (athlete, sha256, name)
);

CREATE TABLE seen_file (
    athlete TEXT NOT NULL,
    path TEXT NOT NULL,
    size_bytes BIGINT NOT NULL,
    modified_ns BIGINT NOT NULL,
    reader TEXT NOT NULL,            -- the program's version that read it: a newer one reads it again
    leaves JSON NOT NULL,            -- [[name, outcome, reason or null], ...]
    seen_utc TIMESTAMP NOT NULL,
    PRIMARY KEY (athlete, path)
);

CREATE TABLE problem (
    athlete TEXT NOT NULL,
    problem_id TEXT NOT NULL,
    source TEXT NOT NULL,
    place TEXT NOT NULL,             -- what a later success at the same place clears: a path, a service's id
    name TEXT NOT NULL,
    reason TEXT NOT NULL,
    detail TEXT,
    first_seen_utc TIMESTAMP NOT NULL,
    last_seen_utc TIMESTAMP NOT NULL,
    PRIMARY KEY (athlete, problem_id)
);

-- Recordings (one source's copy of one activity) and what is made of them. Derived from the originals.

CREATE SEQUENCE recording_number;

CREATE TABLE recording (
    athlete TEXT NOT NULL,
    recording_id TEXT NOT NULL,
    number BIGINT NOT NULL,          -- grows with arrival, so that a run's samples lie together
    activity_id TEXT NOT NULL,       -- the lead of the activity it belongs to: the run's id, if it is a run
    source TEXT NOT NULL,
    source_ref TEXT,
    sha256 TEXT NOT NULL,
    format TEXT NOT NULL,
    leg INTEGER NOT NULL,
    sport TEXT,
    sub_sport TEXT,
    sport_inferred BOOLEAN NOT NULL,
    start_utc TIMESTAMP NOT NULL,
    elapsed_s DOUBLE NOT NULL,
    timer_s DOUBLE,
    distance_m DOUBLE,
    serial_number BIGINT,
    time_created_utc TIMESTAMP,
    device TEXT,
    partial BOOLEAN NOT NULL,
    sample_count INTEGER NOT NULL,
    richness INTEGER NOT NULL,       -- how many kinds of measurement the samples hold
    arrived_utc TIMESTAMP NOT NULL,
    removed BOOLEAN NOT NULL,        -- the details had to go; the day stays
    facts JSON NOT NULL,             -- the recording's own fields, without coordinates
    laps JSON NOT NULL,
    steps JSON NOT NULL,
    PRIMARY KEY (athlete, recording_id)
);

CREATE TABLE recording_ref (
    athlete TEXT NOT NULL,
    recording_id TEXT NOT NULL,
    source TEXT NOT NULL,
    ref TEXT NOT NULL,               -- "garmin:123": recordings that share one are the same activity
    PRIMARY KEY (athlete, recording_id, source, ref)
);

CREATE TABLE sample (
    athlete TEXT NOT NULL,
    number BIGINT NOT NULL,
    t_s DOUBLE NOT NULL,
    distance_m DOUBLE,
    speed_mps DOUBLE,
    heart_rate_bpm DOUBLE,
    cadence_spm DOUBLE,
    altitude_m DOUBLE,
    latitude_deg DOUBLE,
    longitude_deg DOUBLE,
    power_w DOUBLE,
    temperature_c DOUBLE
);

CREATE TABLE run (
    athlete TEXT NOT NULL,
    run_id TEXT NOT NULL,            -- the recording_id of its lead
    start_utc TIMESTAMP NOT NULL,
    utc_offset_s INTEGER NOT NULL,
    offset_assumed BOOLEAN NOT NULL,
    day DATE NOT NULL,
    title TEXT,
    sub_sport TEXT,
    device TEXT,
    gear TEXT,
    distance_m DOUBLE,
    elapsed_s DOUBLE NOT NULL,
    timer_s DOUBLE,
    moving_s DOUBLE,
    ascent_m DOUBLE,
    descent_m DOUBLE,
    mean_heart_rate_bpm DOUBLE,
    max_heart_rate_bpm DOUBLE,
    partial BOOLEAN NOT NULL,
    sport_inferred BOOLEAN NOT NULL,
    removed BOOLEAN NOT NULL,
    arrived_utc TIMESTAMP NOT NULL,
    provenance JSON NOT NULL,        -- field -> recording_id
    features JSON NOT NULL,
    features_version TEXT NOT NULL,
    PRIMARY KEY (athlete, run_id)
);

CREATE TABLE label (
    athlete TEXT NOT NULL,
    run_id TEXT NOT NULL,
    start_utc TIMESTAMP NOT NULL,
    primary_kind TEXT,
    primary_confidence DOUBLE NOT NULL,
    possible JSON NOT NULL,
    facets JSON NOT NULL,
    tier TEXT NOT NULL,
    rules_version TEXT NOT NULL,
    asks BOOLEAN NOT NULL,
    corrected BOOLEAN NOT NULL,
    segments JSON NOT NULL,
    zone_s JSON NOT NULL,
    thresholds JSON NOT NULL,
    PRIMARY KEY (athlete, run_id)
);

CREATE TABLE question (
    athlete TEXT NOT NULL,
    question_id TEXT NOT NULL,
    kind TEXT NOT NULL,              -- same-run | is-run
    recording_a TEXT NOT NULL,
    recording_b TEXT,
    why TEXT NOT NULL,
    start_utc TIMESTAMP NOT NULL,
    PRIMARY KEY (athlete, question_id)
);

CREATE TABLE dirty (
    athlete TEXT PRIMARY KEY,
    from_utc TIMESTAMP NOT NULL,     -- labels from here on must be made again
    marks BIGINT NOT NULL            -- grows with each mark: labels made meanwhile do not clear a newer one
);

-- What the runner typed: never derived, never rebuilt.

CREATE TABLE command (
    athlete TEXT NOT NULL,
    command_id TEXT NOT NULL,
    seq BIGINT NOT NULL,             -- order of arrival
    name TEXT NOT NULL,
    payload JSON NOT NULL,
    typed_utc TIMESTAMP NOT NULL,
    arrived_utc TIMESTAMP NOT NULL,
    says TEXT NOT NULL,
    refused TEXT,
    PRIMARY KEY (command_id)
);

CREATE TABLE correction (
    athlete TEXT NOT NULL,
    recording_id TEXT NOT NULL,
    seq BIGINT NOT NULL,             -- the command that said it last
    is_run BOOLEAN,
    kind TEXT,
    intensity TEXT,
    long_run BOOLEAN,
    hills TEXT,
    surface TEXT,
    confirmed BOOLEAN NOT NULL,
    PRIMARY KEY (athlete, recording_id)
);

CREATE TABLE merge_decision (
    athlete TEXT NOT NULL,
    recording_a TEXT NOT NULL,       -- a < b
    recording_b TEXT NOT NULL,
    verdict TEXT NOT NULL,           -- same | different
    seq BIGINT NOT NULL,
    PRIMARY KEY (athlete, recording_a, recording_b)
);

CREATE TABLE diary (
    athlete TEXT NOT NULL,
    entry_id TEXT NOT NULL,
    what TEXT NOT NULL,
    at_utc TIMESTAMP NOT NULL,
    day DATE NOT NULL,
    score INTEGER NOT NULL,
    place TEXT,
    side TEXT,
    at_when TEXT,
    note TEXT,
    seq BIGINT NOT NULL,
    PRIMARY KEY (athlete, entry_id)
);

CREATE TABLE flag (
    athlete TEXT NOT NULL,
    flag_id TEXT NOT NULL,
    name TEXT NOT NULL,
    at_utc TIMESTAMP NOT NULL,
    day DATE NOT NULL,
    cleared_utc TIMESTAMP,
    because TEXT,
    seq BIGINT NOT NULL,
    PRIMARY KEY (athlete, flag_id)
);

CREATE TABLE session (
    athlete TEXT NOT NULL,
    session_id TEXT NOT NULL,
    at_utc TIMESTAMP NOT NULL,
    day DATE NOT NULL,
    state TEXT NOT NULL,
    prescription_id TEXT,
    minutes DOUBLE,
    reason TEXT,
    seq BIGINT NOT NULL,
    PRIMARY KEY (athlete, session_id)
);

CREATE TABLE pause (
    athlete TEXT NOT NULL,
    pause_id TEXT NOT NULL,
    reason TEXT NOT NULL,
    from_day DATE NOT NULL,
    until_day DATE,
    seq BIGINT NOT NULL,
    PRIMARY KEY (athlete, pause_id)
);

CREATE TABLE assessment (
    athlete TEXT NOT NULL,
    assessment_id TEXT NOT NULL,
    day DATE NOT NULL,
    left_foot JSON NOT NULL,
    right_foot JSON NOT NULL,
    night_cramps BOOLEAN,
    screen JSON NOT NULL,
    seq BIGINT NOT NULL,
    PRIMARY KEY (athlete, assessment_id)
);

CREATE TABLE preference (
    athlete TEXT NOT NULL,
    key TEXT NOT NULL,
    value JSON NOT NULL,
    at_utc TIMESTAMP NOT NULL,
    seq BIGINT NOT NULL,
    PRIMARY KEY (athlete, key)
);

CREATE TABLE card_answer (
    athlete TEXT NOT NULL,
    card_id TEXT NOT NULL,
    answer TEXT NOT NULL,
    at_utc TIMESTAMP NOT NULL,
    day DATE NOT NULL,
    seq BIGINT NOT NULL,
    PRIMARY KEY (athlete, card_id)
);

CREATE TABLE planned (
    athlete TEXT NOT NULL,
    planned_id TEXT NOT NULL,
    source TEXT NOT NULL,            -- runner | garmin | ical
    day DATE NOT NULL,
    kind TEXT,                       -- a kind, or rest
    start_utc TIMESTAMP,
    title TEXT,
    probability DOUBLE NOT NULL,
    seq BIGINT NOT NULL,
    PRIMARY KEY (athlete, planned_id)
);

-- What was issued: kept with its rules version and inputs, never rewritten.

CREATE SEQUENCE issue_number;

CREATE TABLE prescription (
    athlete TEXT NOT NULL,
    prescription_id TEXT NOT NULL,
    seq BIGINT NOT NULL,
    issued_utc TIMESTAMP NOT NULL,
    day DATE NOT NULL,
    time_window TEXT NOT NULL,
    kind TEXT,
    run_id TEXT,                     -- a recording of the run it was made for
    minutes DOUBLE NOT NULL,
    drills JSON NOT NULL,
    reasons JSON NOT NULL,
    warnings JSON NOT NULL,
    rules_version TEXT NOT NULL,
    one_minute BOOLEAN NOT NULL,
    gentle BOOLEAN NOT NULL,
    counts BOOLEAN NOT NULL,
    supersedes TEXT,
    inputs JSON NOT NULL,
    PRIMARY KEY (athlete, prescription_id)
);

CREATE TABLE dose_change (
    athlete TEXT NOT NULL,
    change_id TEXT NOT NULL,
    seq BIGINT NOT NULL,
    issued_utc TIMESTAMP NOT NULL,
    day DATE NOT NULL,
    verdict TEXT NOT NULL,
    before_level JSON NOT NULL,
    after_level JSON NOT NULL,
    reasons JSON NOT NULL,
    rules_version TEXT NOT NULL,
    PRIMARY KEY (athlete, change_id)
);

-- How the daemon keeps its appointments, and what services told besides runs.

CREATE TABLE job (
    athlete TEXT NOT NULL,           -- '' where a job is not one runner's
    name TEXT NOT NULL,
    next_due_utc TIMESTAMP,
    last_started_utc TIMESTAMP,
    last_success_utc TIMESTAMP,
    failures INTEGER NOT NULL,
    note TEXT,
    PRIMARY KEY (athlete, name)
);

CREATE TABLE pass (
    athlete TEXT NOT NULL,
    pass_id TEXT NOT NULL,
    source TEXT NOT NULL,
    started_utc TIMESTAMP NOT NULL,
    ended_utc TIMESTAMP,
    result TEXT NOT NULL,
    counts JSON NOT NULL,
    PRIMARY KEY (athlete, pass_id)
);

CREATE TABLE source_state (
    athlete TEXT NOT NULL,
    source TEXT NOT NULL,
    key TEXT NOT NULL,
    value JSON NOT NULL,
    PRIMARY KEY (athlete, source, key)
);

CREATE TABLE wellness (
    athlete TEXT NOT NULL,
    source TEXT NOT NULL,
    day DATE NOT NULL,
    facts JSON NOT NULL,
    PRIMARY KEY (athlete, source, day)
);

CREATE TABLE gear (
    athlete TEXT NOT NULL,
    source TEXT NOT NULL,
    gear_id TEXT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT,                       -- standard | transition | minimalist
    facts JSON NOT NULL,
    PRIMARY KEY (athlete, source, gear_id)
);
