-- Words are personal data: those that no customer has any more go.
DELETE FROM lexicon l
USING unnest($1::integer[], $2::text[]) AS g (number, word)
WHERE l.number = g.number AND l.word = g.word
  AND NOT EXISTS (SELECT FROM terms t WHERE t.number = g.number AND NOT t.archived AND t.term = 'w' || g.word)
  AND NOT EXISTS (SELECT FROM terms t WHERE t.number = g.number AND t.archived AND t.term = 'w' || g.word)
