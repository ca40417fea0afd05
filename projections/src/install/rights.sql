-- A rebuild makes a schema and renames it.
DO $$
BEGIN
  EXECUTE format('GRANT CREATE ON DATABASE %I TO dossier_worker', current_database());
END $$;
