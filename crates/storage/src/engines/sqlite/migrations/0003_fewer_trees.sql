-- Every tree a request writes to costs as much again, so there are two fewer of them, and one that
-- is written everywhere is less than half as large.

-- Keys are found by the first 64 bits of their digest; the digest itself tells those apart that
-- begin alike. SQL reads no number from bytes, so it is summed up from its hexadecimal digits.
CREATE TABLE keys (
    n              INTEGER PRIMARY KEY,
    start          INTEGER NOT NULL,
    digest         BLOB NOT NULL,
    fingerprint    TEXT NOT NULL,
    reservation    TEXT,
    lease_until_ms INTEGER,
    status         INTEGER,
    headers        TEXT,
    body           BLOB,
    accepted_ms    INTEGER NOT NULL,
    expires_ms     INTEGER NOT NULL
);
WITH RECURSIVE digits (place) AS (VALUES (0) UNION ALL SELECT place + 1 FROM digits WHERE place < 15)
INSERT INTO keys
SELECT n,
    (SELECT sum((instr('0123456789ABCDEF', substr(hex(substr(digest, 1, 8)), 16 - place, 1)) - 1) << (4 * place))
        FROM digits),
    digest, fingerprint, reservation, lease_until_ms, status, headers, body, accepted_ms, expires_ms
FROM idempotency ORDER BY n;
DROP TABLE idempotency;
ALTER TABLE keys RENAME TO idempotency;
CREATE INDEX idempotency_start ON idempotency (start);
CREATE INDEX idempotency_expires ON idempotency (expires_ms);

-- An event that comes again is the same in all of its primary key, which is also how events are
-- looked for.
CREATE TABLE used (
    tenant         TEXT NOT NULL,
    dimension      TEXT NOT NULL,
    at_ms          INTEGER NOT NULL,
    id             TEXT NOT NULL,
    quantity       INTEGER NOT NULL,
    billable       INTEGER NOT NULL,
    operation      TEXT NOT NULL,
    actor          TEXT NOT NULL,
    correlation_id TEXT NOT NULL,
    PRIMARY KEY (tenant, dimension, at_ms, id)
) WITHOUT ROWID;
INSERT INTO used
SELECT tenant, dimension, at_ms, id, quantity, billable, operation, actor, correlation_id
FROM usage ORDER BY tenant, dimension, at_ms, id;
DROP TABLE usage;
ALTER TABLE used RENAME TO usage;
