/**
 * What every operation of Glacier works with, and its tables. Bytes and what they are for are kept apart: a content is
 * bytes in one or more files, an archive or a finished job names a content, and a content goes when nothing names it
 * any more. So an archive can be deleted while its retrieved copy is still read, and no byte is ever copied.
 */
import type { Bodies } from '../s3/bodies.ts';
import { ACCOUNT_ID, type AwsRequest, type Parts } from '../service.ts';
import { invalidParameter, missingParameter } from './errors.ts';
import type { Jobs } from './jobs.ts';

/** The parts of one Glacier. */
export interface Glacier {
  parts: Parts;
  bodies: Bodies;
  jobs: Jobs;
}

/** A request whose path has been read. */
export interface GlacierRequest extends AwsRequest {
  /** The vault; empty for ListVaults. */
  vault: string;
  /** The archive, upload or job. */
  id: string;
}

/** One operation. */
export type Operation = (glacier: Glacier, request: GlacierRequest) => Response | Promise<Response>;

/** All times are milliseconds since 1970, all hashes hex. */
export const schema = `
CREATE TABLE IF NOT EXISTS glacier_vaults (
  name TEXT PRIMARY KEY,
  created_at INTEGER NOT NULL,
  inventory_at INTEGER,
  sns_topic TEXT,
  events TEXT NOT NULL DEFAULT '[]' -- JSON list
) STRICT;
CREATE TABLE IF NOT EXISTS glacier_contents (
  id INTEGER PRIMARY KEY AUTOINCREMENT
) STRICT;
CREATE TABLE IF NOT EXISTS glacier_bodies (
  name TEXT PRIMARY KEY, -- of the file
  content INTEGER NOT NULL REFERENCES glacier_contents (id),
  start INTEGER NOT NULL,
  size INTEGER NOT NULL,
  tree_hash TEXT NOT NULL,
  UNIQUE (content, start)
) STRICT;
CREATE TABLE IF NOT EXISTS glacier_archives (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  vault TEXT NOT NULL REFERENCES glacier_vaults (name),
  content INTEGER NOT NULL REFERENCES glacier_contents (id),
  size INTEGER NOT NULL,
  tree_hash TEXT NOT NULL,
  description TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS glacier_archives_vault ON glacier_archives (vault);
CREATE INDEX IF NOT EXISTS glacier_archives_content ON glacier_archives (content);
CREATE TABLE IF NOT EXISTS glacier_uploads (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  vault TEXT NOT NULL REFERENCES glacier_vaults (name),
  content INTEGER REFERENCES glacier_contents (id), -- until the upload is complete
  part_size INTEGER NOT NULL,
  description TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  archive TEXT -- its id, once the upload is complete: then the same request again has the same answer
) STRICT;
CREATE INDEX IF NOT EXISTS glacier_uploads_content ON glacier_uploads (content);
CREATE TABLE IF NOT EXISTS glacier_jobs (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  vault TEXT NOT NULL REFERENCES glacier_vaults (name),
  request TEXT NOT NULL, -- JSON of JobRequest
  status TEXT NOT NULL,
  message TEXT,
  content INTEGER REFERENCES glacier_contents (id),
  created_at INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  completed_at INTEGER,
  notified INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX IF NOT EXISTS glacier_jobs_content ON glacier_jobs (content);
CREATE INDEX IF NOT EXISTS glacier_jobs_due ON glacier_jobs (status, due_at);
`;

/** The ARN of a vault. */
export function vaultArn({ region }: Parts, vault: string): string {
  return `arn:aws:glacier:${region}:${ACCOUNT_ID}:vaults/${vault}`;
}

/** The path of something in a vault, as the Location header says it. */
export function location(vault: string, ...rest: string[]): string {
  return ['', ACCOUNT_ID, 'vaults', vault, ...rest].join('/');
}

/** A name nobody can guess, of as many characters as AWS's are. */
export function randomId(characters: 92 | 138): string {
  const bytes = crypto.getRandomValues(new Uint8Array(Math.ceil((characters * 3) / 4)));
  return Buffer.from(bytes).toString('base64url').slice(0, characters);
}

/** Runs the work in one write transaction; throwing undoes it. */
export function transaction<T>({ parts }: Glacier, work: () => T): T {
  return parts.store.db.transaction(work).immediate();
}

/** A header that must be there. */
export function requiredHeader({ headers }: GlacierRequest, name: string): string {
  const value = headers.get(name);
  if (!value) throw missingParameter(name);
  return value;
}

/** x-amz-archive-description: at most 1,024 printable ASCII characters. */
export function readDescription(text: string | null): string {
  if (text === null) return '';
  if (/^[\x20-\x7e]{0,1024}$/.test(text)) return text;
  throw invalidParameter('Invalid description: at most 1024 printable ASCII characters are allowed.');
}

/** One page of a list in order. The marker is the name the page begins with. */
export function page<T>(
  all: readonly T[],
  { query }: GlacierRequest,
  limitDefault: number,
  nameOf: (each: T) => string,
): { items: T[]; Marker: string | null } {
  const given = query.get('limit');
  if (given !== null && !/^[1-9]\d{0,3}$/.test(given)) throw invalidParameter(`Invalid limit: ${given}`);
  const limit = Math.min(Number(given ?? limitDefault), limitDefault);
  const marker = query.get('marker');
  const start = marker === null ? 0 : all.findIndex((each) => nameOf(each) === marker);
  if (start < 0) throw invalidParameter(`Invalid marker: ${marker}`);
  const next = all[start + limit];
  return { items: all.slice(start, start + limit), Marker: next ? nameOf(next) : null };
}
