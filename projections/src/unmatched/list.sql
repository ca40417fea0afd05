SELECT d.body FROM unmatched.document d
WHERE d.organisation = $1 AND d.sequence < /* key */ $2 AND d.kind = ANY ($3)
ORDER BY d.sequence DESC LIMIT $4
