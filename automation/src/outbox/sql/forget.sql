UPDATE automation.attempt AS a SET response = NULL
FROM automation.effect AS e
JOIN unnest($1::uuid[], $2::uuid[]) AS erased (organisation, customer)
  ON e.organisation = erased.organisation AND e.customer = erased.customer
WHERE e.endpoint IS NOT NULL AND a.organisation = e.organisation AND a.effect_id = e.effect_id
