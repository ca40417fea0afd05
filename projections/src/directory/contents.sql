-- Every row that belongs to an organisation, without the number that differs from build to build.
SELECT line FROM (
  SELECT 'customer ' || (to_jsonb(d) - 'number')::text AS line
  FROM organisations o JOIN customers d ON d.number = o.number WHERE o.organisation = $1
  UNION ALL
  SELECT 'term ' || (to_jsonb(t) - 'number')::text
  FROM organisations o JOIN terms t ON t.number = o.number WHERE o.organisation = $1
  UNION ALL
  SELECT 'mark ' || (to_jsonb(k) - 'number')::text
  FROM organisations o JOIN marks k ON k.number = o.number WHERE o.organisation = $1
  UNION ALL
  SELECT 'word ' || l.word
  FROM organisations o JOIN lexicon l ON l.number = o.number WHERE o.organisation = $1
) x
ORDER BY line COLLATE "C"
