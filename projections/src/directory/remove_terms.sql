DELETE FROM terms t
USING unnest($1::integer[], $2::boolean[], $3::text[], $4::text[], $5::uuid[])
  AS g (number, archived, term, sort_text, customer)
WHERE t.number = g.number AND t.archived = g.archived AND t.term = g.term AND t.sort_text = g.sort_text
  AND t.customer = g.customer
