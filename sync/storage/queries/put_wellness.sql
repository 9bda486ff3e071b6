INSERT INTO wellness (athlete, source, day, facts) VALUES ($athlete, $source, $day, $facts)
ON CONFLICT DO UPDATE SET facts = excluded.facts
