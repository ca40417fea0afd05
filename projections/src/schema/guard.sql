-- Requests read as dossier_app, and see the organisation that they have named and no other. That is the
-- second line: every query names the organisation itself. The owner, who folds, sees all.
DO $$
DECLARE
  name text;
BEGIN
  FOR name IN
    SELECT c.table_name FROM information_schema.columns c
    WHERE c.table_schema = '{schema}' AND c.column_name = 'organisation'
  LOOP
    EXECUTE format('ALTER TABLE {schema}.%I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format(
      'CREATE POLICY own_organisation ON {schema}.%I FOR SELECT TO dossier_app
       USING (organisation = nullif(current_setting(''dossier.organisation'', true), '''')::uuid)', name);
  END LOOP;
END $$;
-- Documents and lists are searched by indexes that their queries name or not at all: statistics of them
-- cost most of an ANALYZE and decide nothing.
DO $$
DECLARE
  col record;
BEGIN
  FOR col IN
    SELECT c.table_name, c.column_name FROM information_schema.columns c
    WHERE c.table_schema = '{schema}' AND c.data_type IN ('jsonb', 'ARRAY')
  LOOP
    EXECUTE format('ALTER TABLE {schema}.%I ALTER COLUMN %I SET STATISTICS 0', col.table_name, col.column_name);
  END LOOP;
END $$;
GRANT USAGE ON SCHEMA {schema} TO dossier_app;
GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO dossier_app;
