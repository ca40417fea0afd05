SELECT d.day FROM insight.document d
WHERE d.organisation = $1 AND d.kind <> 'credit_note' AND d.day <= $2
ORDER BY d.day DESC, d.sequence DESC LIMIT 1
