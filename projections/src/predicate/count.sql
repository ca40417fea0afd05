SELECT count(*) FROM (
  SELECT FROM directory.organisations o JOIN directory.customers d ON d.number = o.number
  WHERE o.organisation = $1 AND d.archived = $2 AND $3::bigint IS NULL AND $4::bigint IS NULL
    AND (/* predicate */ TRUE)
  LIMIT $5) AS counted
