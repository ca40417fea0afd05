-- The functions that search the directory. They live apart from its tables, so that a rebuild can swap those:
-- search_path is pinned to the schema's name, not to its tables.
-- Those of functions/open.sql may be called from outside; each names the organisation.
--
-- Shared words: org is the organisation's number; page how many rows; after_... the last row of the page
-- before (null at the first); top is the last character there is, so that "begins with p" is a range
-- (>= p and < p || top), which needs no escaping and always finds the index. "OFFSET 0" keeps the planner
-- from checking rows of customers before the text has been compared inside the index.
CREATE SCHEMA IF NOT EXISTS directory_search;

DO $types$
BEGIN
  IF to_regtype('directory_search.filter') IS NULL THEN
    -- Scope and filter together; null = no restriction. sets: the parts below that the filter lies in.
    CREATE TYPE directory_search.filter AS (
      folders uuid[], statuses text[], kinds text[], lifecycle text, tags text[], workers uuid[],
      under_review boolean, external_id text, scope_folders uuid[], scope_workers uuid[], sets jsonb);
  END IF;
  IF to_regtype('directory_search.part') IS NULL THEN
    -- The customers that have one of the terms, or lie in one of the folders, or have one of the statuses; with folders
    -- and statuses both, those that lie in one of the folders and have one of the statuses.
    CREATE TYPE directory_search.part AS (terms text[], folders uuid[], statuses text[]);
  END IF;
END
$types$;

-- Whether a row passes the filter. A plain expression, so that it is inlined and what is null folds away;
-- it takes columns and not the row, because the row's type goes with the swapped schema. "coalesce" keeps folder
-- and status from being looked up in an index by = ANY, which gives no order: every caller walks in an order.
CREATE OR REPLACE FUNCTION directory_search.passes(
  kind text, lifecycle text, folder uuid, status text, tags text[], workers uuid[], external_ids text[],
  open_risk_flags integer, f directory_search.filter)
RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT ((f).folders IS NULL OR coalesce(folder = ANY ((f).folders), false))
    AND ((f).statuses IS NULL OR coalesce(status = ANY ((f).statuses), false))
    AND ((f).kinds IS NULL OR kind = ANY ((f).kinds))
    AND ((f).lifecycle IS NULL OR lifecycle = (f).lifecycle)
    AND ((f).tags IS NULL OR tags @> (f).tags)
    AND ((f).workers IS NULL OR workers && (f).workers)
    AND ((f).under_review IS NULL OR (open_risk_flags > 0) = (f).under_review)
    AND ((f).external_id IS NULL OR external_ids @> ARRAY[(f).external_id])
    AND ((f).scope_folders IS NULL OR coalesce(folder = ANY ((f).scope_folders), false) OR workers && (f).scope_workers)
$$;

-- The smallest of the sets, when it has at most `most` rows; else null. With q, only names that begin with it count.
CREATE OR REPLACE FUNCTION directory_search.narrowest(
  org integer, in_archive boolean, sets jsonb, q text, most integer)
RETURNS directory_search.part LANGUAGE plpgsql STABLE AS $$
DECLARE
  top CONSTANT text := chr(1114111);
  best integer := most + 1; n integer; one jsonb; p directory_search.part; answer directory_search.part;
BEGIN
  FOR one IN SELECT e FROM jsonb_array_elements(sets) e LOOP
    p := jsonb_populate_record(NULL::directory_search.part, one);
    SELECT count(*) INTO n FROM (
      SELECT 1 FROM terms t
      WHERE t.number = org AND t.archived = in_archive AND t.term = ANY (p.terms)
        AND (q IS NULL OR t.sort_text >= q AND t.sort_text < q || top)
      UNION ALL
      SELECT 1 FROM customers d
      WHERE d.number = org AND d.archived = in_archive AND d.folder = ANY (p.folders)
        AND (p.statuses IS NULL OR d.status = ANY (p.statuses))
        AND (q IS NULL OR d.sort_text >= q AND d.sort_text < q || top)
      UNION ALL
      SELECT 1 FROM customers d
      WHERE d.number = org AND d.archived = in_archive AND d.status = ANY (p.statuses) AND p.folders IS NULL
        AND (q IS NULL OR d.sort_text >= q AND d.sort_text < q || top)
      LIMIT best) x;
    IF n < best THEN best := n; answer := p; END IF;
  END LOOP;
  RETURN answer;
END $$;
