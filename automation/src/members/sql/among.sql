SELECT user_id FROM automation.member WHERE organisation = $1 AND user_id = ANY($2) ORDER BY user_id
