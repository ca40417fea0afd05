-- Open ones first, then those cleared last.
SELECT d.body, count(*) OVER () AS flags, count(*) FILTER (WHERE d.cleared_us IS NULL) OVER () AS open
FROM insight.document d
WHERE d.organisation = $1 AND d.subject = $2 AND d.risk IS NOT NULL
ORDER BY d.cleared_us DESC NULLS FIRST, d.raised_us DESC, d.sequence DESC LIMIT $3
