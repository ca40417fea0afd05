-- A destroyed key reads as NULL, also where an older backup has brought its bytes back.
SELECT p.key_id, CASE WHEN d.key_id IS NULL THEN p.wrapped END AS wrapped
FROM keys.person p LEFT JOIN keys.destroyed d USING (organisation, key_id)
WHERE p.organisation = $1 AND p.key_id = ANY($2)
UNION
SELECT key_id, NULL FROM keys.destroyed WHERE organisation = $1 AND key_id = ANY($2)
