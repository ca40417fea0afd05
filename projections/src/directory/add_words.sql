INSERT INTO lexicon (number, word)
SELECT number, word FROM unnest($1::integer[], $2::text[]) AS c (number, word)
ON CONFLICT (number, word) DO NOTHING
