COPY customers (
  number, customer, kind, display_name, first_name, last_name, company_name, emails, phones, external_ids,
  folder, status, tags, workers, lifecycle, flagged, open_risk_flags, archived, version, position,
  created_at, updated_at, last_activity_at, sort_text, terms, document)
FROM STDIN (FORMAT binary)
