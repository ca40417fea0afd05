SELECT tier, sort_text, customer, version, document
FROM directory_search.words($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
