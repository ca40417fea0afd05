SET ROLE dossier_worker
