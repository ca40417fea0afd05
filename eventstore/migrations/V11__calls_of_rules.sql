-- A call that a rule's step asks for: whichever types the webhook has, it is told of the event.
ALTER TABLE automation.effect
  ADD COLUMN rule uuid,
  ADD COLUMN rule_version bigint,
  ADD CONSTRAINT effect_is_of_a_version CHECK ((rule IS NULL) = (rule_version IS NULL));
