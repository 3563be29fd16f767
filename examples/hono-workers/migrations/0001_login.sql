CREATE TABLE IF NOT EXISTS countersign_records (
  id TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL,
  etag TEXT NOT NULL,
  expires_at INTEGER
);
CREATE INDEX IF NOT EXISTS countersign_records_expires_at ON countersign_records (expires_at);


CREATE TABLE sessions (id TEXT PRIMARY KEY, data TEXT NOT NULL, expires_at INTEGER NOT NULL);
CREATE INDEX sessions_expires_at ON sessions (expires_at);
