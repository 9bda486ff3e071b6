-- How many commands were ever typed, by anyone. A correction or a removal is one more: the number never falls.
SELECT count(*) FROM command
