WITH gone AS (
  DELETE FROM automation.webhook WHERE organisation = $1 AND webhook_id = $2
)
DELETE FROM automation.effect WHERE organisation = $1 AND endpoint = $2
