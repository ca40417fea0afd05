SELECT m.body AS member, u.body AS user
FROM members.document m
LEFT JOIN members.document u ON u.id = m.id AND u.kind = 'user'
WHERE m.organisation = $1 AND m.kind = 'member' AND NOT (m.body ->> 'removed')::boolean
ORDER BY lower(u.body ->> 'name'), m.id
