-- What the installation does step by step, however long it takes: notices of a new version, an ending,
-- backups on their days. `body` and `cursor` hold nothing personal.
CREATE TABLE rounds (
    round_id TEXT NOT NULL PRIMARY KEY,
    kind     TEXT NOT NULL,
    state    TEXT NOT NULL,
    body     TEXT NOT NULL,
    cursor   TEXT NOT NULL,
    wake     INTEGER,
    made     INTEGER NOT NULL,
    version  INTEGER NOT NULL
);

-- Members of staff, by an id that records name. `totp` is sealed; `step` is the last one that was used.
CREATE TABLE staff (
    staff_id TEXT NOT NULL PRIMARY KEY,
    title    TEXT NOT NULL,
    roles    TEXT NOT NULL,
    password TEXT NOT NULL,
    totp     BLOB NOT NULL,
    step     INTEGER NOT NULL,
    made     INTEGER NOT NULL,
    ended    INTEGER
);

CREATE TABLE staff_sessions (
    hash     BLOB NOT NULL PRIMARY KEY,
    staff_id TEXT NOT NULL,
    begun    INTEGER NOT NULL,
    expires  INTEGER NOT NULL
);
