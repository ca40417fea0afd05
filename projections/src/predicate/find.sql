SELECT d.sort_text, d.customer, d.document
FROM directory.organisations o JOIN directory.customers d ON d.number = o.number
WHERE o.organisation = $1 AND d.archived = $2 AND (d.sort_text, d.customer) > /* key */ ($3, $4)
  AND (/* predicate */ TRUE)
ORDER BY d.sort_text, d.customer LIMIT $5
