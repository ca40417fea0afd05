-- A row, where more than so many purchases came after this.
SELECT d.sequence FROM insight.document d
WHERE d.organisation = $1 AND d.kind <> 'credit_note' AND d.sequence > $2
ORDER BY d.sequence LIMIT 1 OFFSET $3
