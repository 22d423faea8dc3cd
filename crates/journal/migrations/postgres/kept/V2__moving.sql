-- Stands here while an installation is being moved into this database: nobody serves it before the
-- move is complete. The text says which log is being moved.
CREATE TABLE moving (
    one  BIGINT NOT NULL PRIMARY KEY CHECK (one = 1),
    note TEXT NOT NULL
);
