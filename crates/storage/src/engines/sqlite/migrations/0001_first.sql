-- Tenants' collections. What is in them names them by number, for that is shorter in every index.
CREATE TABLE spaces (
    space      INTEGER PRIMARY KEY,
    tenant     TEXT NOT NULL,
    collection TEXT NOT NULL,
    sequence   INTEGER NOT NULL DEFAULT 0,
    UNIQUE (tenant, collection)
);

-- Every set of fields records of a space were ever indexed by, as a JSON array. A list may follow
-- the index of a field only where every record has it.
CREATE TABLE shapes (
    space  INTEGER NOT NULL,
    fields TEXT NOT NULL,
    PRIMARY KEY (space, fields)
) WITHOUT ROWID;

CREATE TABLE records (
    n           INTEGER PRIMARY KEY,
    space       INTEGER NOT NULL,
    id          TEXT NOT NULL,
    version     INTEGER NOT NULL,
    natural_key TEXT,
    indexed     TEXT NOT NULL,
    created_ms  INTEGER NOT NULL,
    updated_ms  INTEGER NOT NULL,
    body        BLOB NOT NULL
);
CREATE UNIQUE INDEX records_id ON records (space, id);
CREATE UNIQUE INDEX records_natural_key ON records (space, natural_key) WHERE natural_key IS NOT NULL;

CREATE TABLE record_index (
    space INTEGER NOT NULL,
    field TEXT NOT NULL,
    value TEXT NOT NULL,
    id    TEXT NOT NULL,
    PRIMARY KEY (space, field, value, id)
) WITHOUT ROWID;

-- `digest` is SHA-256 of scope, operation and key: short, and of one length.
CREATE TABLE idempotency (
    n              INTEGER PRIMARY KEY,
    digest         BLOB NOT NULL UNIQUE,
    fingerprint    TEXT NOT NULL,
    reservation    TEXT,
    lease_until_ms INTEGER,
    status         INTEGER,
    headers        TEXT,
    body           BLOB,
    accepted_ms    INTEGER NOT NULL,
    expires_ms     INTEGER NOT NULL
);
CREATE INDEX idempotency_expires ON idempotency (expires_ms);

CREATE TABLE consents (
    n        INTEGER PRIMARY KEY,
    id       TEXT NOT NULL,
    tenant   TEXT NOT NULL,
    subject  TEXT NOT NULL,
    scope    TEXT NOT NULL,
    granted  INTEGER NOT NULL,
    source   TEXT NOT NULL,
    evidence TEXT,
    actor    TEXT NOT NULL,
    at_ms    INTEGER NOT NULL
);
CREATE INDEX consents_subject ON consents (tenant, subject, scope);

-- `events` and `secrets` are JSON arrays.
CREATE TABLE subscriptions (
    tenant     TEXT NOT NULL,
    id         TEXT NOT NULL,
    url        TEXT NOT NULL,
    events     TEXT NOT NULL,
    secrets    TEXT NOT NULL,
    state      INTEGER NOT NULL,
    created_ms INTEGER NOT NULL,
    PRIMARY KEY (tenant, id)
) WITHOUT ROWID;

-- `quantity` is the 64 bits of an unsigned number.
CREATE TABLE usage (
    id             TEXT NOT NULL PRIMARY KEY,
    tenant         TEXT NOT NULL,
    dimension      TEXT NOT NULL,
    quantity       INTEGER NOT NULL,
    billable       INTEGER NOT NULL,
    operation      TEXT NOT NULL,
    actor          TEXT NOT NULL,
    correlation_id TEXT NOT NULL,
    at_ms          INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX usage_window ON usage (tenant, dimension, at_ms);

CREATE TABLE audit (
    seq            INTEGER PRIMARY KEY,
    previous       TEXT NOT NULL,
    hash           TEXT NOT NULL,
    at_ms          INTEGER NOT NULL,
    tenant         TEXT NOT NULL,
    actor          TEXT NOT NULL,
    operation      TEXT NOT NULL,
    outcome        TEXT NOT NULL,
    code           TEXT,
    correlation_id TEXT NOT NULL,
    detail         TEXT
);

CREATE TABLE events (
    seq      INTEGER PRIMARY KEY,
    id       TEXT NOT NULL,
    tenant   TEXT NOT NULL,
    kind     TEXT NOT NULL,
    envelope BLOB NOT NULL,
    public   INTEGER NOT NULL,
    at_ms    INTEGER NOT NULL
);
CREATE INDEX events_tenant ON events (tenant);

-- `state`: 0 pending, 1 delivered, 2 dead. Numbered in the order of their events.
CREATE TABLE deliveries (
    id           INTEGER PRIMARY KEY,
    subscription TEXT NOT NULL,
    tenant       TEXT NOT NULL,
    event        INTEGER NOT NULL,
    attempts     INTEGER NOT NULL,
    state        INTEGER NOT NULL,
    next_ms      INTEGER NOT NULL,
    last         TEXT,
    changed_ms   INTEGER NOT NULL
);
CREATE INDEX deliveries_due ON deliveries (tenant, subscription, next_ms) WHERE state = 0;
CREATE INDEX deliveries_settled ON deliveries (state, changed_ms) WHERE state > 0;

-- How far everything that is numbered has come: one row. Numbers are never given twice, even where
-- what had them was removed.
CREATE TABLE heads (
    one           INTEGER PRIMARY KEY CHECK (one = 1),
    last_event    INTEGER NOT NULL,
    last_delivery INTEGER NOT NULL,
    audit_seq     INTEGER NOT NULL,
    audit_hash    TEXT NOT NULL
);
INSERT INTO heads VALUES
    (1, 0, 0, 0, '0000000000000000000000000000000000000000000000000000000000000000');
