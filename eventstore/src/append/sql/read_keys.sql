SELECT p.organisation, p.key_id, false AS destroyed FROM keys.person p
JOIN unnest($1::uuid[], $2::uuid[]) AS w(organisation, key_id) USING (organisation, key_id)
UNION ALL
SELECT d.organisation, d.key_id, true FROM keys.destroyed d
JOIN unnest($1::uuid[], $2::uuid[]) AS w(organisation, key_id) USING (organisation, key_id)
