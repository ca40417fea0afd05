SELECT count(*) FROM automation.run WHERE finished_at IS NULL
