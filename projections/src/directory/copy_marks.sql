COPY marks (number, archived, audience, customer, updated_at, last_activity_at) FROM STDIN (FORMAT binary)
