-- The event log, in order of arrival.
SELECT command_id, seq, name, payload, typed_utc, arrived_utc, says, refused
FROM command
WHERE athlete = $athlete
ORDER BY seq
