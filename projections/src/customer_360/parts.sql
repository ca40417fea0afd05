SELECT d.body FROM customer_360.document d
WHERE d.organisation = $1 AND d.subject = $2 AND d.kind = $3
  AND ($4::text[] IS NULL OR d.scope = ANY ($4)) AND d.sequence < /* key */ $5
ORDER BY d.sequence DESC LIMIT $6
