/**
 * Objects as rows. Everything that replaces or removes an object goes through here, so that the row, its event and
 * the fate of the body are one transaction; bodies go only after it.
 */
import { AwsError } from '../errors.ts';
import type { Body } from './bodies.ts';
import type { Checksum } from './checksums.ts';
import type { ObjectMetadata, StorageClass } from './metadata.ts';
import type { S3 } from './s3.ts';

export interface StoredObject extends ObjectMetadata {
  bucket: string;
  key: string;
  /** The file in the folder of bodies. */
  body: string;
  size: number;
  /** Without quotes. */
  etag: string;
  checksum: Checksum | undefined;
  storageClass: StorageClass;
  modifiedMs: number;
  uploadId: string | undefined;
  restore: Restore | undefined;
}

/** RestoreObject: under way, or a copy that is there for a while. */
export type Restore = { state: 'ongoing'; dueMs: number; days: number } | { state: 'restored'; untilMs: number };

interface Row {
  bucket: string;
  key: string;
  body: string;
  size: number;
  etag: string;
  headers: string;
  metadata: string;
  checksum: string | null;
  storage_class: StorageClass;
  modified_ms: number;
  upload_id: string | null;
  restore_due_ms: number | null;
  restore_days: number | null;
  restored_until_ms: number | null;
}

/** One change of objects and its events in one transaction; then bodies it no longer needs go, and events leave. */
export function change(s3: S3, work: () => string[]): void {
  s3.bodies.discard(s3.db.transaction(work)());
  s3.outbox.deliver();
}

/** A change that gives a new body its row; when it fails, the body goes. */
export function commitBody(s3: S3, body: Body, work: () => string[]): void {
  try {
    change(s3, work);
  } catch (error) {
    s3.bodies.discard([body.name]);
    throw error;
  }
}

/** The object, if it is there. */
export function findObject({ db }: S3, bucket: string, key: string): StoredObject | undefined {
  const row = db.query<Row, [string, string]>('SELECT * FROM s3_objects WHERE bucket = ? AND key = ?').get(bucket, key);
  return row ? objectOf(row) : undefined;
}

/** Objects by a condition on their columns; `value` fills its `?`. */
export function objectsWhere(
  { db }: S3,
  condition: 'bucket = ?' | 'restore_due_ms <= ?' | 'restored_until_ms <= ?',
  value: string | number,
): StoredObject[] {
  return db.query<Row, [string | number]>(`SELECT * FROM s3_objects WHERE ${condition}`).all(value).map(objectOf);
}

/** Throws NoSuchKey. The bucket is known to be there. */
export function getObject(s3: S3, bucket: string, key: string): StoredObject {
  const object = findObject(s3, bucket, key);
  if (object) return object;
  throw new AwsError('NoSuchKey', 404, 'The specified key does not exist.', { Key: key });
}

/** Whether its bytes can be had: not archived, or restored for now. */
export function isReadable({ storageClass, restore }: StoredObject): boolean {
  return storageClass === 'STANDARD' || restore?.state === 'restored';
}

/** Puts an object, in place of the one that may be there. To be called in a transaction; returns the bodies to discard after it. */
export function replaceObject(s3: S3, object: StoredObject): string[] {
  const old = findObject(s3, object.bucket, object.key);
  s3.db
    .query(
      `INSERT OR REPLACE INTO s3_objects (bucket, key, body, size, etag, headers, metadata, checksum, storage_class,
         modified_ms, upload_id, restore_due_ms, restore_days, restored_until_ms)
       VALUES ($bucket, $key, $body, $size, $etag, $headers, $metadata, $checksum, $storage_class,
         $modified_ms, $upload_id, $restore_due_ms, $restore_days, $restored_until_ms)`,
    )
    .run(rowOf(object));
  return old && old.body !== object.body ? [old.body] : [];
}

/** Removes an object, if it is there. To be called in a transaction; returns the bodies to discard after it. */
export function removeObject(s3: S3, bucket: string, key: string): string[] {
  const old = findObject(s3, bucket, key);
  if (old) s3.db.query('DELETE FROM s3_objects WHERE bucket = ? AND key = ?').run(bucket, key);
  return old ? [old.body] : [];
}

function objectOf(row: Row): StoredObject {
  return {
    bucket: row.bucket,
    key: row.key,
    body: row.body,
    size: row.size,
    etag: row.etag,
    headers: JSON.parse(row.headers) as StoredObject['headers'],
    metadata: JSON.parse(row.metadata) as StoredObject['metadata'],
    checksum: row.checksum === null ? undefined : (JSON.parse(row.checksum) as Checksum),
    storageClass: row.storage_class,
    modifiedMs: row.modified_ms,
    uploadId: row.upload_id ?? undefined,
    restore: restoreOf(row),
  };
}

function restoreOf({ restore_due_ms, restore_days, restored_until_ms }: Row): Restore | undefined {
  if (restore_due_ms !== null) return { state: 'ongoing', dueMs: restore_due_ms, days: restore_days ?? 1 };
  return restored_until_ms === null ? undefined : { state: 'restored', untilMs: restored_until_ms };
}

function rowOf({ restore, ...object }: StoredObject): Record<keyof Row, string | number | null> {
  const isOngoing = restore?.state === 'ongoing';
  return {
    bucket: object.bucket,
    key: object.key,
    body: object.body,
    size: object.size,
    etag: object.etag,
    headers: JSON.stringify(object.headers),
    metadata: JSON.stringify(object.metadata),
    checksum: object.checksum ? JSON.stringify(object.checksum) : null,
    storage_class: object.storageClass,
    modified_ms: object.modifiedMs,
    upload_id: object.uploadId ?? null,
    restore_due_ms: isOngoing ? restore.dueMs : null,
    restore_days: isOngoing ? restore.days : null,
    restored_until_ms: restore?.state === 'restored' ? restore.untilMs : null,
  };
}
