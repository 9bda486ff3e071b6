INSERT INTO command (athlete, command_id, seq, name, payload, typed_utc, arrived_utc, says, refused)
VALUES ($athlete, $command_id, $seq, $name, $payload, $typed_utc, $arrived_utc, $says, $refused)
