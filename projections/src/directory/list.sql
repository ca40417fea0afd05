SELECT sort_text, moment, customer, version, document
FROM directory_search.list($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
