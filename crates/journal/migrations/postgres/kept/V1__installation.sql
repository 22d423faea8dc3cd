-- What belongs to the installation and to nobody's person. Small tables: none is spread over shards.
CREATE TABLE app_keys (
    key_id   TEXT NOT NULL PRIMARY KEY,
    kind     TEXT NOT NULL,
    hash     BYTEA NOT NULL UNIQUE,
    title    TEXT NOT NULL,
    purposes BIGINT NOT NULL,
    source   BIGINT,
    made     BIGINT NOT NULL,
    ended    BIGINT
);

CREATE TABLE policies (
    version   BIGINT NOT NULL PRIMARY KEY,
    hash      BYTEA NOT NULL,
    folder    TEXT NOT NULL,
    stored    BIGINT NOT NULL,
    effective BIGINT NOT NULL
);

-- A name's position never changes: what is stored about people as bits stays true.
CREATE TABLE vocabulary_names (
    kind     TEXT NOT NULL,
    position BIGINT NOT NULL,
    name     TEXT NOT NULL,
    PRIMARY KEY (kind, position),
    UNIQUE (kind, name)
);

CREATE TABLE counters (
    name   TEXT NOT NULL,
    minute BIGINT NOT NULL,
    n      BIGINT NOT NULL,
    PRIMARY KEY (name, minute)
);

-- Every region that was ever served: one that the configuration forgets is noticed.
CREATE TABLE regions (
    region TEXT NOT NULL PRIMARY KEY
);

-- The public log. Its head moves from one size to the next and never otherwise, so that of two that
-- would append at once, one finds that it came too late.
CREATE TABLE log_head (
    one    BIGINT NOT NULL PRIMARY KEY CHECK (one = 1),
    size   BIGINT NOT NULL,
    -- How far records know where their entries stand.
    marked BIGINT NOT NULL,
    fence  BIGINT NOT NULL,
    note   TEXT NOT NULL
);

CREATE TABLE log_tiles (
    path  TEXT NOT NULL PRIMARY KEY,
    bytes BYTEA NOT NULL
);

-- Who may do what only one may do at a time, until when by the clock of the database.
CREATE TABLE leases (
    name    TEXT NOT NULL PRIMARY KEY,
    holder  BYTEA NOT NULL,
    fence   BIGINT NOT NULL,
    expires TIMESTAMPTZ NOT NULL
);
