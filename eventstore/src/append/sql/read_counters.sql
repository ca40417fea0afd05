-- The organisation's row is locked already, so its counters stand still.
SELECT c.organisation, c.series, c.next FROM es.counter c
JOIN unnest($1::uuid[], $2::text[]) AS w(organisation, series) USING (organisation, series)
