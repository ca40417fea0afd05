INSERT INTO customers AS d (
  number, customer, kind, display_name, first_name, last_name, company_name, emails, phones, external_ids,
  folder, status, tags, workers, lifecycle, flagged, open_risk_flags, archived, version, position,
  created_at, updated_at, last_activity_at, sort_text, terms, document)
SELECT
  number, customer, kind, display_name, first_name, last_name, company_name, emails, phones, external_ids,
  folder, status, tags, workers, lifecycle, flagged, open_risk_flags, archived, version, position,
  created_at, updated_at, last_activity_at, sort_text, terms, document
FROM jsonb_to_recordset($1) AS n (
  number integer, customer uuid, kind text, display_name text, first_name text, last_name text,
  company_name text, emails text[], phones text[], external_ids text[], folder uuid, status text,
  tags text[], workers uuid[], lifecycle text, flagged text, open_risk_flags integer, archived boolean,
  version bigint, position bigint, created_at timestamptz, updated_at timestamptz, last_activity_at timestamptz,
  sort_text text,
  terms text[], document jsonb)
ON CONFLICT (number, customer) DO UPDATE SET
  kind = excluded.kind, display_name = excluded.display_name, first_name = excluded.first_name,
  last_name = excluded.last_name, company_name = excluded.company_name, emails = excluded.emails,
  phones = excluded.phones, external_ids = excluded.external_ids, folder = excluded.folder,
  status = excluded.status, tags = excluded.tags, workers = excluded.workers,
  lifecycle = excluded.lifecycle, flagged = excluded.flagged,
  open_risk_flags = excluded.open_risk_flags, archived = excluded.archived, version = excluded.version,
  position = excluded.position, created_at = excluded.created_at, updated_at = excluded.updated_at,
  last_activity_at = excluded.last_activity_at,
  sort_text = excluded.sort_text, terms = excluded.terms, document = excluded.document
