-- How far each stream reaches. `first` is the first entry that is kept, `last` the last there ever was.
CREATE TABLE streams (
    n       INTEGER PRIMARY KEY,
    tenant  TEXT NOT NULL,
    name    TEXT NOT NULL,
    first   INTEGER NOT NULL,
    last    INTEGER NOT NULL,
    last_ms INTEGER NOT NULL,
    UNIQUE (tenant, name)
);
-- Those that may have something to prune, by when they last grew.
CREATE INDEX streams_quiet ON streams (last_ms) WHERE first <= last;

CREATE TABLE stream_entries (
    stream INTEGER NOT NULL,
    seq    INTEGER NOT NULL,
    at_ms  INTEGER NOT NULL,
    body   BLOB NOT NULL,
    PRIMARY KEY (stream, seq)
) WITHOUT ROWID;
