-- Lanes are locked before organisations, in order, by everyone: no two writers wait for each other.
SELECT lane, next_position, last_recorded_at FROM es.lane
WHERE lane IN (SELECT o.lane FROM es.organisation o WHERE o.organisation = ANY($1)) ORDER BY lane FOR UPDATE
