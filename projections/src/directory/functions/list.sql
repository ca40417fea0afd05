-- Lists: by name from both ends, those that begin with a text, and the latest change first. A page is a walk in the order of
-- an index; where the filter lies in several folders, terms or statuses, the first rows of each.

-- The part to walk in the order of names: the only one, or the smallest, or all (null). Any part is shorter than
-- everything; but a page of each of very many folders is not.
CREATE OR REPLACE FUNCTION directory_search.part_to_walk(
  org integer, in_archive boolean, f directory_search.filter, q text)
RETURNS directory_search.part LANGUAGE plpgsql STABLE AS $$
DECLARE
  p directory_search.part;
BEGIN
  IF f IS NULL OR coalesce(jsonb_array_length(f.sets), 0) = 0 THEN RETURN NULL; END IF;
  IF jsonb_array_length(f.sets) > 1 THEN p := directory_search.narrowest(org, in_archive, f.sets, q, 2000); END IF;
  IF p IS NULL THEN p := jsonb_populate_record(NULL::directory_search.part, f.sets -> 0); END IF;
  IF coalesce(cardinality(p.terms), 0) + coalesce(cardinality(p.folders), 0) + coalesce(cardinality(p.statuses), 0) > 64 THEN
    RETURN NULL;
  END IF;
  RETURN p;
END $$;

-- With q, only names that begin with it: tier 0 of a search.
CREATE OR REPLACE FUNCTION directory_search.list_by_name(
  org integer, in_archive boolean, f directory_search.filter, q text, not_customers uuid[],
  after_sort text, after_customer uuid, page integer)
RETURNS TABLE (sort_text text, customer uuid) LANGUAGE plpgsql STABLE ROWS 20 AS $$
DECLARE
  p CONSTANT directory_search.part := directory_search.part_to_walk(org, in_archive, f, q);
  top CONSTANT text := chr(1114111);
BEGIN
  IF p IS NULL THEN
    RETURN QUERY
    SELECT d.sort_text, d.customer FROM customers d
    WHERE d.number = org AND d.archived = in_archive
      AND (q IS NULL OR d.sort_text >= q AND d.sort_text < q || top)
      AND (after_sort IS NULL OR (d.sort_text, d.customer) > (after_sort, after_customer))
      AND (not_customers IS NULL OR d.customer <> ALL (not_customers))
      AND directory_search.passes(d.kind, d.lifecycle, d.folder, d.status, d.tags, d.workers, d.external_ids, d.open_risk_flags, f)
    ORDER BY d.sort_text, d.customer LIMIT page;
    RETURN;
  END IF;
  RETURN QUERY
  SELECT DISTINCT c.sort_text, c.customer FROM (
    SELECT r.sort_text, r.customer FROM unnest(p.terms) one CROSS JOIN LATERAL (
      SELECT t.sort_text, t.customer FROM terms t
      WHERE t.number = org AND t.archived = in_archive AND t.term = one
        AND (q IS NULL OR t.sort_text >= q AND t.sort_text < q || top)
        AND (after_sort IS NULL OR (t.sort_text, t.customer) > (after_sort, after_customer))
        AND (not_customers IS NULL OR t.customer <> ALL (not_customers))
        AND EXISTS (
          SELECT FROM customers d WHERE d.number = org AND d.customer = t.customer
            AND directory_search.passes(d.kind, d.lifecycle, d.folder, d.status, d.tags, d.workers, d.external_ids, d.open_risk_flags, f)
          OFFSET 0)
      ORDER BY t.sort_text, t.customer LIMIT page) r
    UNION ALL
    SELECT r.sort_text, r.customer FROM unnest(p.folders) one CROSS JOIN LATERAL (
      SELECT d.sort_text, d.customer FROM customers d
      WHERE d.number = org AND d.archived = in_archive AND d.folder = one
        AND (q IS NULL OR d.sort_text >= q AND d.sort_text < q || top)
        AND (after_sort IS NULL OR (d.sort_text, d.customer) > (after_sort, after_customer))
        AND (not_customers IS NULL OR d.customer <> ALL (not_customers))
        AND directory_search.passes(d.kind, d.lifecycle, d.folder, d.status, d.tags, d.workers, d.external_ids, d.open_risk_flags, f)
      ORDER BY d.sort_text, d.customer LIMIT page) r
    UNION ALL
    SELECT r.sort_text, r.customer FROM unnest(p.statuses) one CROSS JOIN LATERAL (
      SELECT d.sort_text, d.customer FROM customers d
      WHERE d.number = org AND d.archived = in_archive AND d.status = one
        AND (q IS NULL OR d.sort_text >= q AND d.sort_text < q || top)
        AND (after_sort IS NULL OR (d.sort_text, d.customer) > (after_sort, after_customer))
        AND (not_customers IS NULL OR d.customer <> ALL (not_customers))
        AND directory_search.passes(d.kind, d.lifecycle, d.folder, d.status, d.tags, d.workers, d.external_ids, d.open_risk_flags, f)
      ORDER BY d.sort_text, d.customer LIMIT page) r) c
  ORDER BY 1, 2 LIMIT page;
END $$;

CREATE OR REPLACE FUNCTION directory_search.list_by_name_backwards(
  org integer, in_archive boolean, f directory_search.filter, after_sort text, after_customer uuid, page integer)
RETURNS TABLE (sort_text text, customer uuid) LANGUAGE plpgsql STABLE ROWS 20 AS $$
DECLARE
  p CONSTANT directory_search.part := directory_search.part_to_walk(org, in_archive, f, NULL);
BEGIN
  IF p IS NULL THEN
    RETURN QUERY
    SELECT d.sort_text, d.customer FROM customers d
    WHERE d.number = org AND d.archived = in_archive
      AND (after_sort IS NULL OR (d.sort_text, d.customer) < (after_sort, after_customer))
      AND directory_search.passes(d.kind, d.lifecycle, d.folder, d.status, d.tags, d.workers, d.external_ids, d.open_risk_flags, f)
    ORDER BY d.sort_text DESC, d.customer DESC LIMIT page;
    RETURN;
  END IF;
  RETURN QUERY
  SELECT DISTINCT c.sort_text, c.customer FROM (
    SELECT r.sort_text, r.customer FROM unnest(p.terms) one CROSS JOIN LATERAL (
      SELECT t.sort_text, t.customer FROM terms t
      WHERE t.number = org AND t.archived = in_archive AND t.term = one
        AND (after_sort IS NULL OR (t.sort_text, t.customer) < (after_sort, after_customer))
        AND EXISTS (
          SELECT FROM customers d WHERE d.number = org AND d.customer = t.customer
            AND directory_search.passes(d.kind, d.lifecycle, d.folder, d.status, d.tags, d.workers, d.external_ids, d.open_risk_flags, f)
          OFFSET 0)
      ORDER BY t.sort_text DESC, t.customer DESC LIMIT page) r
    UNION ALL
    SELECT r.sort_text, r.customer FROM unnest(p.folders) one CROSS JOIN LATERAL (
      SELECT d.sort_text, d.customer FROM customers d
      WHERE d.number = org AND d.archived = in_archive AND d.folder = one
        AND (after_sort IS NULL OR (d.sort_text, d.customer) < (after_sort, after_customer))
        AND directory_search.passes(d.kind, d.lifecycle, d.folder, d.status, d.tags, d.workers, d.external_ids, d.open_risk_flags, f)
      ORDER BY d.sort_text DESC, d.customer DESC LIMIT page) r
    UNION ALL
    SELECT r.sort_text, r.customer FROM unnest(p.statuses) one CROSS JOIN LATERAL (
      SELECT d.sort_text, d.customer FROM customers d
      WHERE d.number = org AND d.archived = in_archive AND d.status = one
        AND (after_sort IS NULL OR (d.sort_text, d.customer) < (after_sort, after_customer))
        AND directory_search.passes(d.kind, d.lifecycle, d.folder, d.status, d.tags, d.workers, d.external_ids, d.open_risk_flags, f)
      ORDER BY d.sort_text DESC, d.customer DESC LIMIT page) r) c
  ORDER BY 1 DESC, 2 DESC LIMIT page;
END $$;

-- The latest change first. A small part has no such order, so it is read whole and sorted; folders have an index;
-- else all changes are walked until the page is full.
CREATE OR REPLACE FUNCTION directory_search.list_by_update(
  org integer, in_archive boolean, f directory_search.filter, after_updated timestamptz, after_customer uuid, page integer)
RETURNS TABLE (updated_at timestamptz, customer uuid) LANGUAGE plpgsql STABLE ROWS 20 AS $$
DECLARE
  p CONSTANT directory_search.part :=
    CASE WHEN f.sets IS NOT NULL THEN directory_search.narrowest(org, in_archive, f.sets, NULL, 2000) END;
BEGIN
  IF NOT (p IS NULL) THEN
    RETURN QUERY
    SELECT d.updated_at, d.customer FROM (
      SELECT t.customer FROM terms t
      WHERE t.number = org AND t.archived = in_archive AND t.term = ANY (p.terms)
      UNION
      SELECT x.customer FROM customers x
      WHERE x.number = org AND x.archived = in_archive AND x.folder = ANY (p.folders)
      UNION
      SELECT x.customer FROM customers x
      WHERE x.number = org AND x.archived = in_archive AND x.status = ANY (p.statuses)
    ) m CROSS JOIN LATERAL (
      SELECT x.updated_at, x.customer FROM customers x WHERE x.number = org AND x.customer = m.customer
        AND directory_search.passes(x.kind, x.lifecycle, x.folder, x.status, x.tags, x.workers, x.external_ids, x.open_risk_flags, f)
      OFFSET 0) d
    WHERE after_updated IS NULL OR (d.updated_at, d.customer) < (after_updated, after_customer)
    ORDER BY d.updated_at DESC, d.customer DESC LIMIT page;
  ELSIF cardinality(f.folders) <= 64 THEN
    RETURN QUERY
    SELECT r.updated_at, r.customer FROM unnest(f.folders) one CROSS JOIN LATERAL (
      SELECT d.updated_at, d.customer FROM customers d
      WHERE d.number = org AND d.archived = in_archive AND d.folder = one
        AND (after_updated IS NULL OR (d.updated_at, d.customer) < (after_updated, after_customer))
        AND directory_search.passes(d.kind, d.lifecycle, d.folder, d.status, d.tags, d.workers, d.external_ids, d.open_risk_flags, f)
      ORDER BY d.updated_at DESC, d.customer DESC LIMIT page) r
    ORDER BY 1 DESC, 2 DESC LIMIT page;
  ELSE
    RETURN QUERY
    SELECT d.updated_at, d.customer FROM customers d
    WHERE d.number = org AND d.archived = in_archive
      AND (after_updated IS NULL OR (d.updated_at, d.customer) < (after_updated, after_customer))
      AND directory_search.passes(d.kind, d.lifecycle, d.folder, d.status, d.tags, d.workers, d.external_ids, d.open_risk_flags, f)
    ORDER BY d.updated_at DESC, d.customer DESC LIMIT page;
  END IF;
END $$;
