CREATE TABLE IF NOT EXISTS countersign_records (
  id TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL,
  etag TEXT NOT NULL,
  expires_at INTEGER
);
CREATE INDEX IF NOT EXISTS countersign_records_expires_at ON countersign_records (expires_at);


CREATE TABLE sessions (id TEXT PRIMARY KEY, data TEXT NOT NULL, expires_at INTEGER NOT NULL);
CREATE INDEX sessions_expires_at ON sessions (expires_at);

CREATE TABLE completions (id TEXT PRIMARY KEY, expires_at INTEGER NOT NULL);

CREATE TABLE customers (
  number TEXT PRIMARY KEY,
  email TEXT NOT NULL,
  password_hash TEXT NOT NULL,
  has_app INTEGER NOT NULL DEFAULT 0,
  generation INTEGER NOT NULL DEFAULT 1
);
INSERT INTO customers (number, email, password_hash) VALUES (
  '12345',
  'customer@example.com',
  '16384:8:5:037b5cbec5337a97b12b7f0779683e56:45f7774a1704b80c4b5bb39e0cf4684bf6b06622126ec3339fc2ce14c028250c'
);
