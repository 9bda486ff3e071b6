INSERT INTO gear (athlete, source, gear_id, name, kind, facts) VALUES ($athlete, $source, $gear_id, $name, $kind, $facts)
ON CONFLICT DO UPDATE SET name = excluded.name, kind = excluded.kind, facts = excluded.facts
