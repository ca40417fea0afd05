SELECT d.number, d.customer, d.archived, d.sort_text, d.terms
FROM unnest($1::integer[], $2::uuid[]) AS k (number, customer)
JOIN customers d ON d.number = k.number AND d.customer = k.customer
