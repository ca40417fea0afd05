-- How many were raised and cleared between which of these moments: 0 is before the first one.
SELECT d.risk, width_bucket(d.raised_us, $2::bigint[]) AS raised,
  width_bucket(d.cleared_us, $2::bigint[]) AS cleared, count(*) AS flags
FROM insight.document d
WHERE d.organisation = $1 AND d.risk IS NOT NULL
  AND ($3 OR EXISTS (
    SELECT FROM customer_360.document c
    WHERE c.organisation = $1 AND c.id = d.subject
      AND (c.folder = ANY ($4::uuid[]) OR c.body -> 'workers' ?| $5::text[])))
GROUP BY d.risk, raised, cleared
ORDER BY d.risk, raised, cleared
