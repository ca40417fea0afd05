-- Searching by words of names, tier by tier.

-- The word that begins the fewest words of the organisation's customers, of those with `letters` letters or more.
CREATE OR REPLACE FUNCTION directory_search.rarest(
  org integer, in_archive boolean, tokens text[], letters integer)
RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE
  top CONSTANT text := chr(1114111); best integer; n integer; k text; answer text;
BEGIN
  IF cardinality(tokens) = 1 THEN RETURN tokens[1]; END IF;
  FOREACH k IN ARRAY tokens LOOP
    CONTINUE WHEN length(k) < letters;
    SELECT count(*) INTO n FROM (
      SELECT 1 FROM terms t
      WHERE t.number = org AND t.archived = in_archive AND t.term >= 'w' || k AND t.term < 'w' || k || top
      LIMIT 3000) x;
    IF best IS NULL OR n < best OR n = best AND length(k) > length(answer) THEN best := n; answer := k; END IF;
    EXIT WHEN n < 500;
  END LOOP;
  RETURN answer;
END $$;

-- Tier 1: every word typed begins some word of the names.
CREATE OR REPLACE FUNCTION directory_search.beginning(
  org integer, in_archive boolean, f directory_search.filter, also text[], q text, tokens text[],
  not_customers uuid[], after_sort text, after_customer uuid, page integer)
RETURNS TABLE (sort_text text, customer uuid) LANGUAGE plpgsql STABLE ROWS 20 AS $$
DECLARE
  top CONSTANT text := chr(1114111);
  wide CONSTANT boolean := f IS NULL;
  lead CONSTANT text := directory_search.rarest(org, in_archive, tokens, 1);
  others CONSTANT text[] := array_remove(tokens, lead);
  another CONSTANT text := others[1];
  few_words boolean := false; n integer := 0;
BEGIN
  IF cardinality(tokens) = 1 THEN
    SELECT count(*) <= 100 INTO few_words FROM (
      SELECT 1 FROM lexicon l WHERE l.number = org AND l.word >= lead AND l.word < lead || top LIMIT 101) x;
    IF few_words AND NOT wide THEN
      SELECT count(*) INTO n FROM (
        SELECT 1 FROM terms t
        WHERE t.number = org AND t.archived = in_archive AND t.term >= 'w' || lead AND t.term < 'w' || lead || top
        LIMIT 30001) x;
    END IF;
  END IF;
  IF few_words AND (wide OR n > 30000) THEN
    -- Few words, many rows: the first rows of each word. Distinct, for a customer may have two of the words.
    RETURN QUERY
    SELECT DISTINCT r.sort_text, r.customer FROM lexicon l CROSS JOIN LATERAL (
      SELECT t.sort_text, t.customer FROM terms t
      WHERE t.number = org AND t.archived = in_archive AND t.term = 'w' || l.word
        AND (t.sort_text < q OR t.sort_text >= q || top)
        AND (after_sort IS NULL OR (t.sort_text, t.customer) > (after_sort, after_customer))
        AND (not_customers IS NULL OR t.customer <> ALL (not_customers))
        AND (also IS NULL OR EXISTS (
          SELECT FROM terms a WHERE a.number = org AND a.archived = in_archive AND a.term = ANY (also)
            AND a.sort_text = t.sort_text AND a.customer = t.customer OFFSET 0))
        AND (wide OR EXISTS (
          SELECT FROM customers d WHERE d.number = org AND d.customer = t.customer
            AND directory_search.passes(d.kind, d.lifecycle, d.folder, d.status, d.tags, d.workers, d.external_ids, d.open_risk_flags, f)
          OFFSET 0))
      ORDER BY t.sort_text, t.customer LIMIT page) r
    WHERE l.number = org AND l.word >= lead AND l.word < lead || top
    ORDER BY 1, 2 LIMIT page;
  ELSE
    -- A customer with two words that begin so is taken at the first of them, not twice.
    RETURN QUERY
    SELECT c.sort_text, c.customer FROM (
      SELECT t.sort_text, t.customer FROM terms t
      WHERE t.number = org AND t.archived = in_archive AND t.term >= 'w' || lead AND t.term < 'w' || lead || top
        AND (t.sort_text < q OR t.sort_text >= q || top)
        AND (after_sort IS NULL OR (t.sort_text, t.customer) > (after_sort, after_customer))
        AND (not_customers IS NULL OR t.customer <> ALL (not_customers))
        AND (another IS NULL OR t.sort_text LIKE another || '%' OR t.sort_text LIKE '% ' || another || '%')
        AND (cardinality(others) < 2
          OR NOT EXISTS (SELECT FROM unnest(others) w WHERE strpos(' ' || t.sort_text, ' ' || w) = 0))
        AND (' ' || t.sort_text NOT LIKE '% ' || lead || '% ' || lead || '%'
          OR t.term = 'w' || (SELECT min(w) FROM unnest(string_to_array(t.sort_text, ' ')) w WHERE starts_with(w, lead)))
      ORDER BY t.sort_text, t.customer LIMIT CASE WHEN wide THEN page END OFFSET 0) c
    WHERE (also IS NULL OR EXISTS (
        SELECT FROM terms a WHERE a.number = org AND a.archived = in_archive AND a.term = ANY (also)
          AND a.sort_text = c.sort_text AND a.customer = c.customer OFFSET 0))
      AND (wide OR EXISTS (
        SELECT FROM customers d WHERE d.number = org AND d.customer = c.customer
          AND directory_search.passes(d.kind, d.lifecycle, d.folder, d.status, d.tags, d.workers, d.external_ids, d.open_risk_flags, f)
        OFFSET 0))
    ORDER BY c.sort_text, c.customer LIMIT page;
  END IF;
END $$;

-- Tier 2: every word typed stands in the names, one at least only inside a word.
CREATE OR REPLACE FUNCTION directory_search.inside(
  org integer, in_archive boolean, f directory_search.filter, also text[], tokens text[], letters integer,
  not_customers uuid[], after_sort text, after_customer uuid, page integer)
RETURNS TABLE (sort_text text, customer uuid) LANGUAGE plpgsql STABLE ROWS 20 AS $$
DECLARE
  wide CONSTANT boolean := f IS NULL;
  lead CONSTANT text := directory_search.rarest(org, in_archive, tokens, letters);
  others CONSTANT text[] := array_remove(tokens, lead);
  another CONSTANT text := others[1];
BEGIN
  RETURN QUERY
  SELECT DISTINCT r.sort_text, r.customer FROM (
    SELECT x.word FROM lexicon x WHERE x.number = org AND x.word LIKE '%' || lead || '%' ORDER BY x.word LIMIT 1000
  ) l CROSS JOIN LATERAL (
    SELECT c.sort_text, c.customer FROM (
      SELECT t.sort_text, t.customer FROM terms t
      WHERE t.number = org AND t.archived = in_archive AND t.term = 'w' || l.word
        AND (after_sort IS NULL OR (t.sort_text, t.customer) > (after_sort, after_customer))
        AND (not_customers IS NULL OR t.customer <> ALL (not_customers))
        AND (another IS NULL OR t.sort_text LIKE '%' || another || '%')
        AND (cardinality(others) < 2
          OR NOT EXISTS (SELECT FROM unnest(others) w WHERE strpos(t.sort_text, w) = 0))
        AND EXISTS (SELECT FROM unnest(tokens) w WHERE strpos(' ' || t.sort_text, ' ' || w) = 0)
      ORDER BY t.sort_text, t.customer OFFSET 0) c
    WHERE (also IS NULL OR EXISTS (
        SELECT FROM terms a WHERE a.number = org AND a.archived = in_archive AND a.term = ANY (also)
          AND a.sort_text = c.sort_text AND a.customer = c.customer OFFSET 0))
      AND (wide OR EXISTS (
        SELECT FROM customers d WHERE d.number = org AND d.customer = c.customer
          AND directory_search.passes(d.kind, d.lifecycle, d.folder, d.status, d.tags, d.workers, d.external_ids, d.open_risk_flags, f)
        OFFSET 0))
    ORDER BY c.sort_text, c.customer LIMIT page) r
  ORDER BY 1, 2 LIMIT page;
END $$;

-- All tiers of a small set: it is read whole, the text is checked in the index.
CREATE OR REPLACE FUNCTION directory_search.words_in_set(
  org integer, in_archive boolean, f directory_search.filter, small directory_search.part, q text, tokens text[],
  last_tier integer, not_customers uuid[], after_tier integer, after_sort text, after_customer uuid, page integer)
RETURNS TABLE (tier integer, sort_text text, customer uuid) LANGUAGE plpgsql STABLE ROWS 20 AS $$
DECLARE
  top CONSTANT text := chr(1114111);
BEGIN
  RETURN QUERY
  WITH s AS (
    SELECT t.sort_text, t.customer FROM terms t
    WHERE t.number = org AND t.archived = in_archive AND t.term = ANY (small.terms)
      AND t.sort_text LIKE '%' || tokens[1] || '%'
    UNION
    SELECT d.sort_text, d.customer FROM customers d
    WHERE d.number = org AND d.archived = in_archive AND d.folder = ANY (small.folders)
        AND (small.statuses IS NULL OR d.status = ANY (small.statuses))
      AND d.sort_text LIKE '%' || tokens[1] || '%'
    UNION
    SELECT d.sort_text, d.customer FROM customers d
    WHERE d.number = org AND d.archived = in_archive AND d.status = ANY (small.statuses) AND small.folders IS NULL
      AND d.sort_text LIKE '%' || tokens[1] || '%'
  ), m AS MATERIALIZED (
    SELECT CASE
        WHEN s.sort_text >= q AND s.sort_text < q || top THEN 0
        WHEN NOT EXISTS (SELECT FROM unnest(tokens) w WHERE strpos(' ' || s.sort_text, ' ' || w) = 0) THEN 1
        ELSE 2 END AS tier,
      s.sort_text, s.customer
    FROM s
    WHERE (cardinality(tokens) = 1 OR NOT EXISTS (SELECT FROM unnest(tokens) w WHERE strpos(s.sort_text, w) = 0))
      AND (not_customers IS NULL OR s.customer <> ALL (not_customers))
  ), r AS (
    SELECT m.tier, m.sort_text, m.customer FROM m
    WHERE m.tier <= last_tier
      AND (after_tier < 0 OR (m.tier, m.sort_text, m.customer) > (after_tier, after_sort, after_customer))
    ORDER BY m.tier, m.sort_text, m.customer OFFSET 0)
  SELECT r.tier, r.sort_text, r.customer FROM r
  WHERE EXISTS (
    SELECT FROM customers d WHERE d.number = org AND d.customer = r.customer
      AND directory_search.passes(d.kind, d.lifecycle, d.folder, d.status, d.tags, d.workers, d.external_ids, d.open_risk_flags, f)
    OFFSET 0)
  ORDER BY r.tier, r.sort_text, r.customer LIMIT page;
END $$;

-- Tier 0 is where the name begins with the text: a list of those names. One letter finds beginnings of names only; inside a word is searched from four letters
-- of the longest word on, with three only when nothing begins so.
CREATE OR REPLACE FUNCTION directory_search.word_keys(
  org integer, in_archive boolean, f directory_search.filter, q text, tokens text[], not_customers uuid[],
  after_tier integer, after_sort text, after_customer uuid, page integer)
RETURNS TABLE (tier integer, sort_text text, customer uuid) LANGUAGE plpgsql STABLE ROWS 20 AS $$
DECLARE
  longest CONSTANT integer := (SELECT max(length(w)) FROM unnest(tokens) w);
  three_inside CONSTANT boolean := longest = 3 AND after_tier IN (-1, 2);
  -- Terms that everybody to be found has one of, if the filter says so. Asking for them first reads the index
  -- alone, and side by side, for it is in the order of names too.
  also CONSTANT text[] := (
    SELECT (jsonb_populate_record(NULL::directory_search.part, e)).terms
    FROM jsonb_array_elements(f.sets) WITH ORDINALITY AS x (e, place)
    WHERE e ? 'terms' AND NOT e ? 'folders' AND jsonb_array_length(e -> 'terms') <= 8
    ORDER BY place LIMIT 1);
  small directory_search.part; got integer := 0; n integer;
BEGIN
  -- Of several sets the others leave few of those that the text finds, and each costs a look: a larger one is read whole.
  IF NOT (f IS NULL) THEN
    small := directory_search.narrowest(
      org, in_archive, f.sets, NULL, CASE WHEN jsonb_array_length(f.sets) > 1 THEN 30000 ELSE 8000 END);
  END IF;
  IF NOT (small IS NULL) THEN
    RETURN QUERY SELECT k.tier, k.sort_text, k.customer FROM directory_search.words_in_set(
      org, in_archive, f, small, q, tokens, CASE WHEN longest >= 4 THEN 2 WHEN longest >= 2 THEN 1 ELSE 0 END,
      not_customers, after_tier, after_sort, after_customer, page) k;
    GET DIAGNOSTICS got = ROW_COUNT;
    IF got = 0 AND three_inside THEN
      RETURN QUERY SELECT k.tier, k.sort_text, k.customer FROM directory_search.words_in_set(
        org, in_archive, f, small, q, tokens, 2, not_customers, after_tier, after_sort, after_customer, page) k;
    END IF;
    RETURN;
  END IF;
  IF after_tier <= 0 THEN
    RETURN QUERY SELECT 0, k.sort_text, k.customer FROM directory_search.list_by_name(
      org, in_archive, f, q, not_customers, after_sort, after_customer, page) k;
    GET DIAGNOSTICS got = ROW_COUNT;
  END IF;
  IF got < page AND after_tier <= 1 AND longest >= 2 THEN
    RETURN QUERY SELECT 1, k.sort_text, k.customer FROM directory_search.beginning(
      org, in_archive, f, also, q, tokens, not_customers,
      CASE WHEN after_tier = 1 THEN after_sort END, after_customer, page - got) k;
    GET DIAGNOSTICS n = ROW_COUNT;
    got := got + n;
  END IF;
  IF got < page AND (longest >= 4 OR three_inside AND got = 0) THEN
    RETURN QUERY SELECT 2, k.sort_text, k.customer FROM directory_search.inside(
      org, in_archive, f, also, tokens, least(longest, 4), not_customers,
      CASE WHEN after_tier = 2 THEN after_sort END, after_customer, page - got) k;
  END IF;
END $$;
