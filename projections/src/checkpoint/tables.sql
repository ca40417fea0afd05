-- What every read model keeps beside its rows. Small and often written: room for updates in place.
CREATE TABLE about (
  version integer NOT NULL
);
CREATE TABLE checkpoint (
  lane smallint PRIMARY KEY,
  position bigint NOT NULL,
  epoch bigint NOT NULL
) WITH (fillfactor = 20);
CREATE TABLE progress (
  organisation uuid PRIMARY KEY,
  sequence bigint NOT NULL
) WITH (fillfactor = 50);
