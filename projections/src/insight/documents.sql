SELECT d.body FROM insight.document d
WHERE d.organisation = $1 AND d.subject = $2 AND d.kind <> 'placed_order'
  AND ($3::text IS NULL OR d.currency = $3)
  AND (d.day, d.sequence) < /* key */ ($4, $5)
ORDER BY d.day DESC, d.sequence DESC LIMIT $6
