INSERT INTO organisations (organisation) SELECT unnest($1::uuid[]) ON CONFLICT (organisation) DO NOTHING
