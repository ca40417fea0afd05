SELECT d.body FROM rules.document d
WHERE d.organisation = $1
  AND (($2::text IS NULL AND d.state <> 'archived') OR d.state = $2) AND d.made < /* key */ $3
ORDER BY d.made DESC LIMIT $4
