SELECT word, customers, fits
FROM directory_search.similar_words($1, $2, $3, $4, $5, $6)
