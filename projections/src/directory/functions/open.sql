-- What may be called from outside. Each runs as its owner, who may read the tables, for one organisation;
-- with plans made for the values of the call (a plan for any values would keep every "is null or"), and without
-- compiling them, which takes longer than they run.

-- The organisation's number. For requests that is the organisation that they have named to row-level security and no
-- other: the second line, as on the tables of the other read models.
CREATE OR REPLACE FUNCTION directory_search.number_of(wanted uuid)
RETURNS integer LANGUAGE sql STABLE SET search_path = pg_catalog, directory AS $$
  SELECT o.number FROM organisations o
  WHERE o.organisation = wanted
    AND (current_setting('role') <> 'dossier_app'
      OR wanted = nullif(current_setting('dossier.organisation', true), '')::uuid)
$$;

CREATE OR REPLACE FUNCTION directory_search.words(
  organisation uuid, in_archive boolean, filter jsonb, q text, tokens text[], not_customers uuid[],
  after_tier integer, after_sort text, after_customer uuid, page integer)
RETURNS TABLE (tier integer, sort_text text, customer uuid, version bigint, document jsonb)
LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 20
SET search_path = pg_catalog, directory, public SET plan_cache_mode = force_custom_plan SET jit = off AS $$
DECLARE
  org CONSTANT integer := directory_search.number_of(words.organisation);
  f CONSTANT directory_search.filter := jsonb_populate_record(NULL::directory_search.filter, filter);
BEGIN
  RETURN QUERY
  SELECT k.tier, k.sort_text, k.customer, d.version, d.document
  FROM directory_search.word_keys(
    org, in_archive, f, q, tokens, not_customers, after_tier, after_sort, after_customer, page)
    WITH ORDINALITY AS k (tier, sort_text, customer, place)
  JOIN customers d ON d.number = org AND d.customer = k.customer
  ORDER BY k.place;
END $$;

CREATE OR REPLACE FUNCTION directory_search.find(
  organisation uuid, in_archive boolean, filter jsonb, term_from text, by_name boolean,
  not_customers uuid[], not_patterns text[], not_terms text[],
  after_term text, after_sort text, after_customer uuid, page integer)
RETURNS TABLE (term text, sort_text text, customer uuid, version bigint, document jsonb)
LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 20
SET search_path = pg_catalog, directory, public SET plan_cache_mode = force_custom_plan SET jit = off AS $$
DECLARE
  org CONSTANT integer := directory_search.number_of(find.organisation);
  f CONSTANT directory_search.filter := jsonb_populate_record(NULL::directory_search.filter, filter);
BEGIN
  RETURN QUERY
  SELECT k.term, k.sort_text, k.customer, d.version, d.document
  FROM directory_search.find_keys(
    org, in_archive, f, term_from, by_name, not_customers, not_patterns, not_terms,
    after_term, after_sort, after_customer, page)
    WITH ORDINALITY AS k (term, sort_text, customer, place)
  JOIN customers d ON d.number = org AND d.customer = k.customer
  ORDER BY k.place;
END $$;

-- sort: name, name_backwards, or updated_at or last_activity_at with the latest first, which `backwards` turns round.
-- Moments are those of events for these audiences, or of all (null). An order of names tells no moment.
-- Those of before have other parameters and would stay beside it.
DROP FUNCTION IF EXISTS directory_search.list(uuid, boolean, jsonb, text, text, timestamptz, uuid, integer);
DROP FUNCTION IF EXISTS directory_search.list(uuid, boolean, jsonb, text, boolean, text, timestamptz, uuid, integer);
DROP FUNCTION IF EXISTS directory_search.list_by_update(integer, boolean, directory_search.filter, timestamptz, uuid, integer);
CREATE OR REPLACE FUNCTION directory_search.list(
  organisation uuid, in_archive boolean, filter jsonb, sort text, audiences text[], backwards boolean,
  after_sort text, after_moment timestamptz, after_customer uuid, page integer)
RETURNS TABLE (sort_text text, moment timestamptz, customer uuid, version bigint, document jsonb)
LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 20
SET search_path = pg_catalog, directory, public SET plan_cache_mode = force_custom_plan SET jit = off AS $$
DECLARE
  org CONSTANT integer := directory_search.number_of(list.organisation);
  f CONSTANT directory_search.filter := jsonb_populate_record(NULL::directory_search.filter, filter);
BEGIN
  IF sort IN ('updated_at', 'last_activity_at') AND audiences IS NOT NULL THEN
    RETURN QUERY
    SELECT d.sort_text, k.at, k.customer, d.version, d.document
    FROM directory_search.list_by_mark(
      org, in_archive, f, sort, audiences, backwards, after_moment, after_customer, page)
      WITH ORDINALITY AS k (at, customer, place)
    JOIN customers d ON d.number = org AND d.customer = k.customer
    ORDER BY k.place;
  ELSIF sort IN ('updated_at', 'last_activity_at') THEN
    RETURN QUERY
    SELECT d.sort_text, k.at, k.customer, d.version, d.document
    FROM directory_search.list_by_moment(org, in_archive, f, sort, backwards, after_moment, after_customer, page)
      WITH ORDINALITY AS k (at, customer, place)
    JOIN customers d ON d.number = org AND d.customer = k.customer
    ORDER BY k.place;
  ELSIF (sort = 'name_backwards') <> backwards THEN
    RETURN QUERY
    SELECT k.sort_text, NULL::timestamptz, k.customer, d.version, d.document
    FROM directory_search.list_by_name_backwards(org, in_archive, f, after_sort, after_customer, page) k
    JOIN customers d ON d.number = org AND d.customer = k.customer
    ORDER BY k.sort_text COLLATE "C" DESC, k.customer DESC;
  ELSE
    RETURN QUERY
    SELECT k.sort_text, NULL::timestamptz, k.customer, d.version, d.document
    FROM directory_search.list_by_name(org, in_archive, f, NULL, NULL, after_sort, after_customer, page) k
    JOIN customers d ON d.number = org AND d.customer = k.customer
    ORDER BY k.sort_text COLLATE "C", k.customer;
  END IF;
END $$;

-- Which of the words typed begin a word of the organisation, so that they may be right as they stand.
CREATE OR REPLACE FUNCTION directory_search.known_words(organisation uuid, typed text[])
RETURNS TABLE (word text) LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 6
SET search_path = pg_catalog, directory, public SET plan_cache_mode = force_custom_plan SET jit = off AS $$
DECLARE
  org CONSTANT integer := directory_search.number_of(known_words.organisation);
BEGIN
  RETURN QUERY
  SELECT w FROM unnest(typed) w
  WHERE EXISTS (SELECT FROM lexicon l WHERE l.number = org AND l.word >= w AND l.word < w || chr(1114111) OFFSET 0);
END $$;

-- Words that may be meant by a misspelt one: those of `near` (every string one edit away, made by the caller), and
-- neighbours by trigrams; with the number of customers that have the word, up to 50. `fits` says whether one of
-- them has words that begin as the others typed do; of a very common word it is not looked up, and supposed.
CREATE OR REPLACE FUNCTION directory_search.similar_words(
  organisation uuid, in_archive boolean, typed text, near text[], others text[], most integer)
RETURNS TABLE (word text, customers integer, fits boolean) LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 30
SET search_path = pg_catalog, directory, public SET plan_cache_mode = force_custom_plan SET jit = off
SET pg_trgm.similarity_threshold = 0.25 AS $$
DECLARE
  org CONSTANT integer := directory_search.number_of(similar_words.organisation);
BEGIN
  RETURN QUERY
  SELECT l.word, n.customers,
    cardinality(others) = 0
      OR n.customers = 50 AND (
        SELECT count(*) FROM (
          SELECT 1 FROM terms t WHERE t.number = org AND t.archived = in_archive AND t.term = 'w' || l.word LIMIT 1000) c
      ) = 1000
      OR EXISTS (
        SELECT FROM terms t WHERE t.number = org AND t.archived = in_archive AND t.term = 'w' || l.word
          AND NOT EXISTS (SELECT FROM unnest(others) w WHERE strpos(' ' || t.sort_text, ' ' || w) = 0))
  FROM (
    (SELECT x.word FROM unnest(near) n JOIN lexicon x ON x.number = org AND x.word = n)
    UNION
    (SELECT x.word FROM lexicon x WHERE x.number = org AND x.word OPERATOR(public.%) typed
      ORDER BY public.similarity(x.word, typed) DESC, x.word LIMIT most)
  ) l CROSS JOIN LATERAL (
    SELECT count(*)::integer AS customers FROM (
      SELECT 1 FROM terms t WHERE t.number = org AND t.archived = in_archive AND t.term = 'w' || l.word LIMIT 50) c) n
  ORDER BY l.word;
END $$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA directory_search FROM PUBLIC;
GRANT USAGE ON SCHEMA directory_search TO dossier_app, dossier_worker;
GRANT EXECUTE ON FUNCTION
  directory_search.words(uuid, boolean, jsonb, text, text[], uuid[], integer, text, uuid, integer),
  directory_search.find(uuid, boolean, jsonb, text, boolean, uuid[], text[], text[], text, text, uuid, integer),
  directory_search.list(uuid, boolean, jsonb, text, text[], boolean, text, timestamptz, uuid, integer),
  directory_search.known_words(uuid, text[]),
  directory_search.similar_words(uuid, boolean, text, text[], text[], integer)
  TO dossier_app, dossier_worker;
