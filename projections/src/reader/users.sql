-- Names of those who are or were members of this organisation, and of no one else.
SELECT u.id, u.body ->> 'name' AS name
FROM members.document u
WHERE u.id = ANY ($2) AND u.kind = 'user'
  AND EXISTS (SELECT FROM members.document m WHERE m.organisation = $1 AND m.id = u.id AND m.kind = 'member')
