-- Numbers that begin so, without regard to case; the number itself comes first.
SELECT d.body FROM quotes.document d
WHERE d.organisation = $1
  AND lower(d.body ->> 'number') COLLATE "C" >= lower($2::text)
  AND lower(d.body ->> 'number') COLLATE "C" < lower($2::text) || chr(1114111)
  AND ($4 OR EXISTS (
    SELECT FROM customer_360.document c
    WHERE c.organisation = $1 AND c.id = d.subject
      AND (c.folder = ANY ($5::uuid[]) OR c.body -> 'workers' ?| $6::text[])))
ORDER BY lower(d.body ->> 'number') COLLATE "C", d.added LIMIT $3
