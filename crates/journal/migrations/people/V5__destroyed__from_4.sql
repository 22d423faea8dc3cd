-- By what a destroyed key is known again where a copy of it was left in the raw bytes: the end of its
-- wrapped form, each bit turned, so that what is looked for does not stand here itself. It says
-- nothing of the key, and goes when the bytes were looked through.
CREATE TABLE destroyed (
    person_id BLOB NOT NULL PRIMARY KEY,
    probe     BLOB NOT NULL
) WITHOUT ROWID;
