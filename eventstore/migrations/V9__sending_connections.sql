-- What a connection needs to send by.
ALTER TABLE state.connection
  -- Our account at the provider: the SID of an account, the id of a phone number.
  ADD COLUMN account text,
  -- The number from which it sends, where the account does not say.
  ADD COLUMN sender text,
  -- What the provider's interface asks for where that is not the secret, sealed like it.
  ADD COLUMN access_token bytea,
  -- Its own address, sealed: a provider is told it with each message.
  ADD COLUMN address bytea;
