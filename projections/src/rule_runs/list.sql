SELECT d.body FROM rule_runs.document d
WHERE d.organisation = $1
  AND ($2::uuid IS NULL OR d.rule = $2)
  AND ($3::uuid IS NULL OR d.subject = $3)
  AND ($4::text IS NULL OR d.outcome = $4)
  AND d.sequence < /* key */ $5
  AND ($7 OR d.subject = d.id OR EXISTS (
    SELECT FROM customer_360.document c
    WHERE c.organisation = $1 AND c.id = d.subject
      AND (c.folder = ANY ($8::uuid[]) OR c.body -> 'workers' ?| $9::text[])))
ORDER BY d.sequence DESC LIMIT $6
