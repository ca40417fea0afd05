SELECT c.folder, count(*) AS customers
FROM directory.organisations o JOIN directory.customers c ON c.number = o.number
WHERE o.organisation = $1 AND NOT c.archived AND c.folder IS NOT NULL
  AND ($2 OR c.folder = ANY ($3::uuid[]) OR c.workers && $4::text[]::uuid[])
GROUP BY c.folder
