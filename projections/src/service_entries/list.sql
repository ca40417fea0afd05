SELECT d.body FROM service_entries.document d
WHERE d.organisation = $1
  AND ($2::uuid IS NULL OR d.subject = $2)
  AND ($3::text IS NULL OR d.kind = $3)
  AND ($4::text IS NULL OR d.state = $4)
  AND (d.scheduled_us, d.added) < /* key */ ($5, $6)
  AND ($8 OR EXISTS (
    SELECT FROM customer_360.document c
    WHERE c.organisation = $1 AND c.id = d.subject
      AND (c.folder = ANY ($9::uuid[]) OR c.body -> 'workers' ?| $10::text[])))
ORDER BY d.scheduled_us DESC, d.added DESC LIMIT $7
