SELECT command_id, seq, name, payload, typed_utc, arrived_utc, says, refused FROM command WHERE command_id = $command_id
