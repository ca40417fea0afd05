-- Finding by e-mail, domain, phone and external id.

-- The customers with a term that begins with term_from, in the order of terms, or by name when a term has no
-- order that people know (digits from behind). A customer counts once, at its first term. Left out is
-- who was found before: not_customers; whose names have all of not_patterns (a line break and a blank stand
-- before the first word, a blank before the others); who has a term that begins with one of not_terms.
CREATE OR REPLACE FUNCTION directory_search.find_keys(
  org integer, in_archive boolean, f directory_search.filter, term_from text, by_name boolean,
  not_customers uuid[], not_patterns text[], not_terms text[],
  after_term text, after_sort text, after_customer uuid, page integer)
RETURNS TABLE (term text, sort_text text, customer uuid) LANGUAGE plpgsql STABLE ROWS 20 AS $$
DECLARE
  top CONSTANT text := chr(1114111);
  below CONSTANT text := term_from || top;
  wide CONSTANT boolean := f IS NULL;
  small directory_search.part; n integer;
BEGIN
  IF NOT wide THEN    -- many hits and a small set: start from the set
    SELECT count(*) INTO n FROM (
      SELECT 1 FROM terms t
      WHERE t.number = org AND t.archived = in_archive AND t.term >= term_from AND t.term < below LIMIT 2000) x;
    IF n = 2000 THEN small := directory_search.narrowest(org, in_archive, f.sets, NULL, 3000); END IF;
  END IF;
  IF NOT (small IS NULL) THEN
    RETURN QUERY
    WITH s AS MATERIALIZED (
      SELECT t.customer FROM terms t
      WHERE t.number = org AND t.archived = in_archive AND t.term = ANY (small.terms)
      UNION
      SELECT d.customer FROM customers d
      WHERE d.number = org AND d.archived = in_archive AND d.folder = ANY (small.folders)
        AND (small.statuses IS NULL OR d.status = ANY (small.statuses))
      UNION
      SELECT d.customer FROM customers d
      WHERE d.number = org AND d.archived = in_archive AND d.status = ANY (small.statuses) AND small.folders IS NULL
    ), m AS (
      SELECT CASE WHEN by_name THEN '' ELSE (SELECT min(k) FROM unnest(d.terms) k WHERE k >= term_from AND k < below) END AS term,
        d.sort_text, d.customer
      FROM s JOIN customers d ON d.number = org AND d.customer = s.customer
      WHERE directory_search.passes(d.kind, d.lifecycle, d.folder, d.status, d.tags, d.workers, d.external_ids, d.open_risk_flags, f)
        AND EXISTS (SELECT FROM unnest(d.terms) k WHERE k >= term_from AND k < below)
        AND (not_customers IS NULL OR d.customer <> ALL (not_customers))
        AND (not_patterns IS NULL
          OR EXISTS (SELECT FROM unnest(not_patterns) w WHERE strpos(E'\n ' || d.sort_text, w) = 0))
        AND (not_terms IS NULL
          OR NOT EXISTS (SELECT FROM unnest(d.terms) k, unnest(not_terms) x WHERE k >= x AND k < x || top)))
    SELECT m.term, m.sort_text, m.customer FROM m
    WHERE after_term IS NULL OR (m.term, m.sort_text, m.customer) > (after_term, after_sort, after_customer)
    ORDER BY 1, 2, 3 LIMIT page;
  ELSIF by_name THEN
    RETURN QUERY
    SELECT '', c.sort_text, c.customer FROM (
      SELECT DISTINCT t.sort_text, t.customer FROM terms t
      WHERE t.number = org AND t.archived = in_archive AND t.term >= term_from AND t.term < below
        AND (after_term IS NULL OR (t.sort_text, t.customer) > (after_sort, after_customer))
        AND (not_customers IS NULL OR t.customer <> ALL (not_customers))
        AND (not_patterns IS NULL
          OR EXISTS (SELECT FROM unnest(not_patterns) w WHERE strpos(E'\n ' || t.sort_text, w) = 0))
      ORDER BY t.sort_text, t.customer OFFSET 0) c
    WHERE wide AND not_terms IS NULL OR EXISTS (
      SELECT FROM customers d WHERE d.number = org AND d.customer = c.customer
        AND directory_search.passes(d.kind, d.lifecycle, d.folder, d.status, d.tags, d.workers, d.external_ids, d.open_risk_flags, f)
        AND (not_terms IS NULL
          OR NOT EXISTS (SELECT FROM unnest(d.terms) k, unnest(not_terms) x WHERE k >= x AND k < x || top))
      OFFSET 0)
    ORDER BY c.sort_text, c.customer LIMIT page;
  ELSE
    RETURN QUERY
    SELECT t.term, t.sort_text, t.customer FROM terms t
    WHERE t.number = org AND t.archived = in_archive AND t.term >= term_from AND t.term < below
      AND (after_term IS NULL OR (t.term, t.sort_text, t.customer) > (after_term, after_sort, after_customer))
      AND (not_customers IS NULL OR t.customer <> ALL (not_customers))
      AND (not_patterns IS NULL
        OR EXISTS (SELECT FROM unnest(not_patterns) w WHERE strpos(E'\n ' || t.sort_text, w) = 0))
      AND EXISTS (
        SELECT FROM customers d WHERE d.number = org AND d.customer = t.customer
          AND t.term = (SELECT min(k) FROM unnest(d.terms) k WHERE k >= term_from AND k < below)
          AND directory_search.passes(d.kind, d.lifecycle, d.folder, d.status, d.tags, d.workers, d.external_ids, d.open_risk_flags, f)
          AND (not_terms IS NULL
            OR NOT EXISTS (SELECT FROM unnest(d.terms) k, unnest(not_terms) x WHERE k >= x AND k < x || top))
        OFFSET 0)
    ORDER BY t.term, t.sort_text, t.customer LIMIT page;
  END IF;
END $$;
