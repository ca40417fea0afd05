SELECT d.body FROM templates.document d
WHERE d.organisation = $1 AND d.archived = $2 AND ($3::text IS NULL OR d.channel = $3)
  AND d.made < /* key */ $4
ORDER BY d.made DESC LIMIT $5
