import type { DatabaseSync } from 'node:sqlite'
import { SmsError } from '../../errors.ts'

/** Whose file it is (https://www.sqlite.org/fileformat.html#application_id): «smsf». */
const APPLICATION_ID = 0x736d7366

/**
 * What makes each version of the file from the one before; `PRAGMA user_version` says how many were made. One that was
 * released is never changed: add another.
 *
 * Records are JSON, beside what they are found by. The JSON stands last in its row, so that what looks for a row does
 * not read through long texts.
 */
const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE outgoing (
    sequence INTEGER PRIMARY KEY, -- the order they were added in
    id TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL,
    from_number TEXT,
    to_number TEXT,
    created_ms REAL NOT NULL,
    updated_ms REAL NOT NULL,
    carrier_id TEXT,              -- provider and its id for the message
    carrier_turn INTEGER,         -- counts the messages a provider gave the same id
    idempotency TEXT,             -- key and recipient
    trail TEXT NOT NULL,          -- the states it was in, each as JSON with a comma before it
    json TEXT NOT NULL
  ) STRICT;
  CREATE INDEX outgoing_state ON outgoing (state, created_ms);
  CREATE INDEX outgoing_from ON outgoing (from_number, state, created_ms) WHERE from_number IS NOT NULL;
  CREATE INDEX outgoing_to ON outgoing (to_number, state, created_ms) WHERE to_number IS NOT NULL;
  CREATE INDEX outgoing_carrier ON outgoing (carrier_id, carrier_turn) WHERE carrier_id IS NOT NULL;
  CREATE INDEX outgoing_idempotency ON outgoing (idempotency) WHERE idempotency IS NOT NULL;

  -- What is to be done: narrow rows, as a queue of very many is looked through and moved on by its time.
  CREATE TABLE work (
    message INTEGER PRIMARY KEY REFERENCES outgoing ON DELETE CASCADE,
    lane TEXT NOT NULL,
    job TEXT NOT NULL,
    priority REAL NOT NULL,
    due_ms REAL NOT NULL,
    is_ready INTEGER NOT NULL,    -- 0: not before due_ms
    may_hurry INTEGER NOT NULL    -- waits for another try, not for its time
  ) STRICT;
  CREATE INDEX work_ready ON work (lane, job, priority DESC) WHERE is_ready = 1;
  CREATE INDEX work_later ON work (lane, job, due_ms) WHERE is_ready = 0;

  CREATE TABLE incoming (
    sequence INTEGER PRIMARY KEY, -- the order they came in
    id TEXT NOT NULL UNIQUE,
    provider TEXT NOT NULL,
    state TEXT NOT NULL,
    hand_over TEXT NOT NULL,      -- waiting, taken, done
    from_number TEXT,
    to_number TEXT,
    created_ms REAL NOT NULL,
    carrier_id TEXT UNIQUE,       -- provider and its id for the message
    json TEXT NOT NULL
  ) STRICT;
  CREATE INDEX incoming_state ON incoming (state, created_ms);
  CREATE INDEX incoming_from ON incoming (from_number, state, created_ms) WHERE from_number IS NOT NULL;
  CREATE INDEX incoming_to ON incoming (to_number, state, created_ms) WHERE to_number IS NOT NULL;
  CREATE INDEX incoming_waiting ON incoming (provider) WHERE hand_over = 'waiting';
  CREATE INDEX incoming_age ON incoming (provider, created_ms) WHERE hand_over = 'waiting';
  CREATE INDEX incoming_taken ON incoming (hand_over) WHERE hand_over = 'taken';

  CREATE TABLE fragments (
    provider TEXT NOT NULL,
    message_group TEXT NOT NULL,
    part INTEGER NOT NULL,
    json TEXT NOT NULL,
    PRIMARY KEY (provider, message_group, part)
  ) STRICT, WITHOUT ROWID;

  -- Parts that came, also of messages that are whole: a carrier may bring one again.
  CREATE TABLE known_parts (
    carrier_id TEXT PRIMARY KEY,
    created_ms REAL NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE notes (
    owner TEXT NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (owner, key)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- Routed messages that wait to be sent can go elsewhere when their lane cannot send.
  ALTER TABLE work ADD COLUMN is_routed INTEGER NOT NULL DEFAULT 0;
  CREATE INDEX work_routed ON work (lane, message) WHERE is_routed = 1;
  `,
  `
  -- Each number has its place in these, so that messages of one moment change as many pages: not for a state that lasts
  -- no longer than an attempt. Those that are sending are few, and are looked through.
  DROP INDEX outgoing_from;
  DROP INDEX outgoing_to;
  CREATE INDEX outgoing_from ON outgoing (from_number, state, created_ms)
    WHERE from_number IS NOT NULL AND state <> 'sending';
  CREATE INDEX outgoing_to ON outgoing (to_number, state, created_ms)
    WHERE to_number IS NOT NULL AND state <> 'sending';
  `,
]

/** Throws `SMS_CONFIG` for a database that is none of ours, or of a later version of this package. Changes nothing. */
export function checkOwner(database: DatabaseSync, path: string): void {
  const version = pragma(database, 'user_version')
  if (pragma(database, 'application_id') !== APPLICATION_ID) {
    const { tables } = database.prepare('SELECT count(*) AS tables FROM sqlite_schema').get() as { tables: number }
    if (tables === 0 && version === 0) return
    throw new SmsError('SMS_CONFIG', `${path} is a database of another program: choose another file`)
  }
  if (version > MIGRATIONS.length) {
    throw new SmsError(
      'SMS_CONFIG',
      `${path} was written by a later version of this package: update it, or choose another file`,
    )
  }
}

/** Makes the file what this version needs, all or nothing. */
export function migrate(database: DatabaseSync): void {
  const version = pragma(database, 'user_version')
  if (version === MIGRATIONS.length) return
  database.exec('BEGIN IMMEDIATE')
  for (const migration of MIGRATIONS.slice(version)) database.exec(migration)
  database.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${MIGRATIONS.length}; COMMIT`)
}

function pragma(database: DatabaseSync, name: 'user_version' | 'application_id'): number {
  return Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0] as number
}
