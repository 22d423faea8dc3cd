-- What was decided, sealed, and the leaf that stands for it in the log. Appended in ascending order.
-- A `seq` is never given twice, also after rows at the end went: `spans` speaks of it.
-- `owner_id` is the person; among events it is the tag, so that nothing there names anybody.
CREATE TABLE records (
    seq       INTEGER PRIMARY KEY AUTOINCREMENT,
    owner_id  BLOB NOT NULL,
    record_id BLOB NOT NULL,
    at        INTEGER NOT NULL,
    leaf      BLOB NOT NULL,
    sealed    BLOB NOT NULL
);
CREATE UNIQUE INDEX records_of_owner ON records (owner_id, record_id);

-- Where runs of entries stand in the log: one row for each run, not one write for each entry.
CREATE TABLE spans (
    first_seq   INTEGER PRIMARY KEY,
    last_seq    INTEGER NOT NULL,
    first_index INTEGER NOT NULL
);
