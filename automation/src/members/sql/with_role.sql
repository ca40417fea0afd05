SELECT user_id FROM automation.member WHERE organisation = $1 AND $2 = ANY(roles) ORDER BY user_id
