SELECT sort_text, updated_at, customer, version, document
FROM directory_search.list($1, $2, $3, $4, $5, $6, $7, $8)
