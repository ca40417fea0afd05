-- Lists: by name from both ends, those that begin with a text, and by a moment. A page is a walk in the order of
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
  IF coalesce(cardinality(p.terms), 0)
    + coalesce(cardinality(p.folders) * cardinality(p.statuses), cardinality(p.folders), cardinality(p.statuses), 0) > 64 THEN
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
    SELECT r.sort_text, r.customer FROM unnest(CASE WHEN p.statuses IS NULL THEN p.folders END) one CROSS JOIN LATERAL (
      SELECT d.sort_text, d.customer FROM customers d
      WHERE d.number = org AND d.archived = in_archive AND d.folder = one
        AND (q IS NULL OR d.sort_text >= q AND d.sort_text < q || top)
        AND (after_sort IS NULL OR (d.sort_text, d.customer) > (after_sort, after_customer))
        AND (not_customers IS NULL OR d.customer <> ALL (not_customers))
        AND directory_search.passes(d.kind, d.lifecycle, d.folder, d.status, d.tags, d.workers, d.external_ids, d.open_risk_flags, f)
      ORDER BY d.sort_text, d.customer LIMIT page) r
    UNION ALL
    SELECT r.sort_text, r.customer FROM unnest(CASE WHEN p.folders IS NULL THEN p.statuses END) one CROSS JOIN LATERAL (
      SELECT d.sort_text, d.customer FROM customers d
      WHERE d.number = org AND d.archived = in_archive AND d.status = one
        AND (q IS NULL OR d.sort_text >= q AND d.sort_text < q || top)
        AND (after_sort IS NULL OR (d.sort_text, d.customer) > (after_sort, after_customer))
        AND (not_customers IS NULL OR d.customer <> ALL (not_customers))
        AND directory_search.passes(d.kind, d.lifecycle, d.folder, d.status, d.tags, d.workers, d.external_ids, d.open_risk_flags, f)
      ORDER BY d.sort_text, d.customer LIMIT page) r
    UNION ALL
    SELECT r.sort_text, r.customer FROM unnest(p.folders) one CROSS JOIN unnest(p.statuses) two CROSS JOIN LATERAL (
      SELECT d.sort_text, d.customer FROM customers d
      WHERE d.number = org AND d.archived = in_archive AND d.folder = one AND d.status = two
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
    SELECT r.sort_text, r.customer FROM unnest(CASE WHEN p.statuses IS NULL THEN p.folders END) one CROSS JOIN LATERAL (
      SELECT d.sort_text, d.customer FROM customers d
      WHERE d.number = org AND d.archived = in_archive AND d.folder = one
        AND (after_sort IS NULL OR (d.sort_text, d.customer) < (after_sort, after_customer))
        AND directory_search.passes(d.kind, d.lifecycle, d.folder, d.status, d.tags, d.workers, d.external_ids, d.open_risk_flags, f)
      ORDER BY d.sort_text DESC, d.customer DESC LIMIT page) r
    UNION ALL
    SELECT r.sort_text, r.customer FROM unnest(CASE WHEN p.folders IS NULL THEN p.statuses END) one CROSS JOIN LATERAL (
      SELECT d.sort_text, d.customer FROM customers d
      WHERE d.number = org AND d.archived = in_archive AND d.status = one
        AND (after_sort IS NULL OR (d.sort_text, d.customer) < (after_sort, after_customer))
        AND directory_search.passes(d.kind, d.lifecycle, d.folder, d.status, d.tags, d.workers, d.external_ids, d.open_risk_flags, f)
      ORDER BY d.sort_text DESC, d.customer DESC LIMIT page) r
    UNION ALL
    SELECT r.sort_text, r.customer FROM unnest(p.folders) one CROSS JOIN unnest(p.statuses) two CROSS JOIN LATERAL (
      SELECT d.sort_text, d.customer FROM customers d
      WHERE d.number = org AND d.archived = in_archive AND d.folder = one AND d.status = two
        AND (after_sort IS NULL OR (d.sort_text, d.customer) < (after_sort, after_customer))
        AND directory_search.passes(d.kind, d.lifecycle, d.folder, d.status, d.tags, d.workers, d.external_ids, d.open_risk_flags, f)
      ORDER BY d.sort_text DESC, d.customer DESC LIMIT page) r) c
  ORDER BY 1 DESC, 2 DESC LIMIT page;
END $$;

-- By a moment, updated_at or last_activity_at, the latest first, or from the other end. A small part has no such order, so
-- it is read whole and sorted; folders have an index; else all are walked until the page is full. One text for both
-- columns and both ways: it is planned for the values of the call, as everything here.
CREATE OR REPLACE FUNCTION directory_search.list_by_moment(
  org integer, in_archive boolean, f directory_search.filter, moment text, backwards boolean,
  after_moment timestamptz, after_customer uuid, page integer)
RETURNS TABLE (at timestamptz, customer uuid) LANGUAGE plpgsql STABLE ROWS 20 AS $$
DECLARE
  p CONSTANT directory_search.part :=
    CASE WHEN f.sets IS NOT NULL THEN directory_search.narrowest(org, in_archive, f.sets, NULL, 2000) END;
  beyond CONSTANT text := CASE WHEN backwards THEN '>' ELSE '<' END;
  way CONSTANT text := CASE WHEN backwards THEN 'ASC' ELSE 'DESC' END;
  walk text;
BEGIN
  IF NOT (p IS NULL) THEN
    walk := $walk$
    SELECT d.at, d.customer FROM (
      SELECT t.customer FROM terms t
      WHERE t.number = $1 AND t.archived = $2 AND t.term = ANY ($7.terms)
      UNION
      SELECT x.customer FROM customers x
      WHERE x.number = $1 AND x.archived = $2 AND x.folder = ANY ($7.folders)
        AND ($7.statuses IS NULL OR x.status = ANY ($7.statuses))
      UNION
      SELECT x.customer FROM customers x
      WHERE x.number = $1 AND x.archived = $2 AND x.status = ANY ($7.statuses) AND $7.folders IS NULL
    ) m CROSS JOIN LATERAL (
      SELECT x.%1$I AS at, x.customer FROM customers x WHERE x.number = $1 AND x.customer = m.customer
        AND directory_search.passes(x.kind, x.lifecycle, x.folder, x.status, x.tags, x.workers, x.external_ids, x.open_risk_flags, $3)
      OFFSET 0) d
    WHERE $4 IS NULL OR (d.at, d.customer) %2$s ($4, $5)
    ORDER BY d.at %3$s, d.customer %3$s LIMIT $6 $walk$;
  ELSIF cardinality(f.folders) <= 64 THEN
    walk := $walk$
    SELECT r.at, r.customer FROM unnest($3.folders) one CROSS JOIN LATERAL (
      SELECT d.%1$I AS at, d.customer FROM customers d
      WHERE d.number = $1 AND d.archived = $2 AND d.folder = one
        AND ($4 IS NULL OR (d.%1$I, d.customer) %2$s ($4, $5))
        AND directory_search.passes(d.kind, d.lifecycle, d.folder, d.status, d.tags, d.workers, d.external_ids, d.open_risk_flags, $3)
      ORDER BY d.%1$I %3$s, d.customer %3$s LIMIT $6) r
    ORDER BY 1 %3$s, 2 %3$s LIMIT $6 $walk$;
  ELSE
    walk := $walk$
    SELECT d.%1$I, d.customer FROM customers d
    WHERE d.number = $1 AND d.archived = $2
      AND ($4 IS NULL OR (d.%1$I, d.customer) %2$s ($4, $5))
      AND directory_search.passes(d.kind, d.lifecycle, d.folder, d.status, d.tags, d.workers, d.external_ids, d.open_risk_flags, $3)
    ORDER BY d.%1$I %3$s, d.customer %3$s LIMIT $6 $walk$;
  END IF;
  RETURN QUERY EXECUTE format(walk, moment, beyond, way)
    USING org, in_archive, f, after_moment, after_customer, page, p;
END $$;

-- The same for who belongs to these audiences only: a customer's moment is the latest of their marks. Somebody of the
-- page has their mark among the first so many of an audience, so a page is put together from the first of each;
-- towards the front a customer counts under the mark that is theirs. Rows whose moment lies before the page are met
-- again under their older marks and passed over.
CREATE OR REPLACE FUNCTION directory_search.list_by_mark(
  org integer, in_archive boolean, f directory_search.filter, moment text, audiences text[], backwards boolean,
  after_moment timestamptz, after_customer uuid, page integer)
RETURNS TABLE (at timestamptz, customer uuid) LANGUAGE plpgsql STABLE ROWS 20 AS $$
DECLARE
  p CONSTANT directory_search.part :=
    CASE WHEN f.sets IS NOT NULL THEN directory_search.narrowest(org, in_archive, f.sets, NULL, 8000) END;
  beyond CONSTANT text := CASE WHEN backwards THEN '>' ELSE '<' END;
  way CONSTANT text := CASE WHEN backwards THEN 'ASC' ELSE 'DESC' END;
  counts CONSTANT text := CASE WHEN backwards THEN 'c.at = c.mark' ELSE 'TRUE' END;
  walk text;
BEGIN
  IF NOT (p IS NULL) THEN
    walk := $walk$
    SELECT d.at, d.customer FROM (
      SELECT t.customer FROM terms t
      WHERE t.number = $1 AND t.archived = $2 AND t.term = ANY ($7.terms)
      UNION
      SELECT x.customer FROM customers x
      WHERE x.number = $1 AND x.archived = $2 AND x.folder = ANY ($7.folders)
        AND ($7.statuses IS NULL OR x.status = ANY ($7.statuses))
      UNION
      SELECT x.customer FROM customers x
      WHERE x.number = $1 AND x.archived = $2 AND x.status = ANY ($7.statuses) AND $7.folders IS NULL
    ) m CROSS JOIN LATERAL (
      SELECT o.at, x.customer FROM customers x CROSS JOIN LATERAL (
        SELECT max(k.%1$I) AS at FROM marks k
        WHERE k.number = $1 AND k.customer = x.customer AND k.audience = ANY ($8)) o
      WHERE x.number = $1 AND x.customer = m.customer
        AND directory_search.passes(x.kind, x.lifecycle, x.folder, x.status, x.tags, x.workers, x.external_ids, x.open_risk_flags, $3)
      OFFSET 0) d
    WHERE $4 IS NULL OR (d.at, d.customer) %2$s ($4, $5)
    ORDER BY d.at %3$s, d.customer %3$s LIMIT $6 $walk$;
  ELSE
    walk := $walk$
    SELECT DISTINCT r.at, r.customer FROM unnest($8) one CROSS JOIN LATERAL (
      SELECT c.at, c.customer FROM (
        SELECT k.%1$I AS mark, k.customer, (
            SELECT max(o.%1$I) FROM marks o
            WHERE o.number = $1 AND o.customer = k.customer AND o.audience = ANY ($8)) AS at
        FROM marks k
        WHERE k.number = $1 AND k.archived = $2 AND k.audience = one
          AND ($4 IS NULL OR (k.%1$I, k.customer) %2$s ($4, $5))
        ORDER BY k.%1$I %3$s, k.customer %3$s OFFSET 0) c
      WHERE ($4 IS NULL OR (c.at, c.customer) %2$s ($4, $5)) AND %4$s
        AND ($3 IS NULL OR EXISTS (
          SELECT FROM customers d WHERE d.number = $1 AND d.customer = c.customer
            AND directory_search.passes(d.kind, d.lifecycle, d.folder, d.status, d.tags, d.workers, d.external_ids, d.open_risk_flags, $3)
          OFFSET 0))
      ORDER BY c.mark %3$s, c.customer %3$s LIMIT $6) r
    ORDER BY 1 %3$s, 2 %3$s LIMIT $6 $walk$;
  END IF;
  RETURN QUERY EXECUTE format(walk, moment, beyond, way, counts)
    USING org, in_archive, f, after_moment, after_customer, page, p, audiences;
END $$;
