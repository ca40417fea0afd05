SELECT d::text FROM document d WHERE d.organisation = $1 ORDER BY d.id
