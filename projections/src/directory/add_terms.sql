INSERT INTO terms (number, archived, term, sort_text, customer)
SELECT number, archived, term, sort_text, customer
FROM unnest($1::integer[], $2::boolean[], $3::text[], $4::text[], $5::uuid[])
  AS c (number, archived, term, sort_text, customer)
