COPY terms (number, archived, term, sort_text, customer) FROM STDIN (FORMAT binary)
