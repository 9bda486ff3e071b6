-- How single drills of a session went, and which planned runs are races.

ALTER TABLE session ADD COLUMN drills JSON DEFAULT '{}';

ALTER TABLE planned ADD COLUMN race BOOLEAN DEFAULT FALSE;
