DELETE FROM automation.member WHERE organisation = $1 AND user_id = $2
