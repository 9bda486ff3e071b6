-- name: command
-- reads: command
SELECT command_id, seq, name, payload, typed_utc, arrived_utc, says, refused FROM command WHERE command_id = $command_id

-- name: commands
-- reads: command
-- The event log, in order of arrival.
SELECT command_id, seq, name, payload, typed_utc, arrived_utc, says, refused
FROM command
WHERE athlete = $athlete
ORDER BY seq

-- name: count_commands
-- reads: command
-- How many commands were ever typed, by anyone. A correction or a removal is one more: the number never falls.
SELECT count(*) FROM command

-- name: next_command_seq
-- reads: command
SELECT coalesce(max(seq), 0) + 1 FROM command

-- name: insert_command
-- changes: command
INSERT INTO command (athlete, command_id, seq, name, payload, typed_utc, arrived_utc, says, refused)
VALUES ($athlete, $command_id, $seq, $name, $payload, $typed_utc, $arrived_utc, $says, $refused)
