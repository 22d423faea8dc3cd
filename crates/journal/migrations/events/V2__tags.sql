-- How much lies under each tag: a day takes only so much of one person.
CREATE TABLE tag_bytes (
    tag   BLOB NOT NULL PRIMARY KEY,
    bytes INTEGER NOT NULL
);
INSERT INTO tag_bytes (tag, bytes) SELECT tag, sum(length(sealed)) FROM blocks GROUP BY tag;
