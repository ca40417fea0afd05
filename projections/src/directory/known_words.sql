SELECT word
FROM directory_search.known_words($1, $2)
