-- By currency and kind; the row without a kind is the currency's sum, of the same documents.
SELECT d.currency, d.kind, count(*) AS documents, sum(d.amount)::text AS amount
FROM insight.document d
WHERE d.organisation = $1 AND d.subject = $2 AND d.kind <> 'placed_order'
GROUP BY GROUPING SETS ((d.currency, d.kind), (d.currency))
ORDER BY d.currency, d.kind NULLS FIRST
