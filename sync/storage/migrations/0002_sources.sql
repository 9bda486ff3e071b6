-- What each source lists, and how far it was taken in: a pass decides from these rows alone.

CREATE TABLE listed (
    athlete TEXT NOT NULL,
    source TEXT NOT NULL,
    source_id TEXT NOT NULL,
    start_utc TIMESTAMP NOT NULL,
    revision TEXT NOT NULL,          -- changes with anything the list says of it
    core TEXT NOT NULL,              -- changes with what the recorded file depends on
    sport TEXT,
    taken TEXT,                      -- the revision that was taken in whole
    taken_core TEXT,
    attempts INTEGER NOT NULL,
    tried_utc TIMESTAMP,
    missing_since_utc TIMESTAMP,     -- first complete listing without it
    asked_utc TIMESTAMP,
    gone BOOLEAN NOT NULL,           -- the source said so when asked directly
    PRIMARY KEY (athlete, source, source_id)
);
