SELECT o.organisation, d.document
FROM unnest($1::uuid[], $2::uuid[]) AS k (organisation, customer)
JOIN organisations o ON o.organisation = k.organisation
JOIN customers d ON d.number = o.number AND d.customer = k.customer
