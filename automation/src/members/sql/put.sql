INSERT INTO automation.member (organisation, user_id, roles) VALUES ($1, $2, $3)
ON CONFLICT (organisation, user_id) DO UPDATE SET roles = excluded.roles
