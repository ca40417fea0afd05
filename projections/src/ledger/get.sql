SELECT d.body FROM ledger.document d
WHERE d.organisation = $1 AND d.id = $2 AND d.kind = $3
  AND ($4 OR EXISTS (
    SELECT FROM customer_360.document c
    WHERE c.organisation = $1 AND c.id = d.subject
      AND (c.folder = ANY ($5::uuid[]) OR c.body -> 'workers' ?| $6::text[])))
