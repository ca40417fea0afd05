SELECT d.body FROM notifications.document d
WHERE d.organisation = $1 AND d.recipient = $2 AND d.sequence < /* key */ $3
ORDER BY d.sequence DESC LIMIT $4
