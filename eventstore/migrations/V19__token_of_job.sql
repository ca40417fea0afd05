-- The token with which a job was asked for: it may do no more than that, also after a restart.
ALTER TABLE state.job ADD COLUMN token uuid;
