/** Multipart uploads under way, and their parts, as rows. */
import { AwsError } from '../errors.ts';
import type { Checksum, ChecksumAlgorithm } from './checksums.ts';
import type { ObjectMetadata, StorageClass } from './metadata.ts';
import type { S3, S3Request } from './s3.ts';

export interface Upload extends ObjectMetadata {
  uploadId: string;
  bucket: string;
  key: string;
  storageClass: StorageClass;
  /** What CreateMultipartUpload asked for; the object gets one of this kind. */
  checksumAlgorithm: ChecksumAlgorithm | undefined;
  checksumType: Checksum['type'] | undefined;
  initiatedMs: number;
}

export interface Part {
  partNumber: number;
  body: string;
  size: number;
  /** MD5 in hex. */
  etag: string;
  checksum: Checksum | undefined;
  modifiedMs: number;
}

interface UploadRow {
  upload_id: string;
  bucket: string;
  key: string;
  headers: string;
  metadata: string;
  storage_class: StorageClass;
  checksum_algorithm: ChecksumAlgorithm | null;
  checksum_type: Checksum['type'] | null;
  initiated_ms: number;
}

interface PartRow {
  part_number: number;
  body: string;
  size: number;
  etag: string;
  checksum: string | null;
  modified_ms: number;
}

export function insertUpload({ db }: S3, upload: Upload): void {
  db.query(
    `INSERT INTO s3_uploads (upload_id, bucket, key, headers, metadata, storage_class, checksum_algorithm, checksum_type, initiated_ms)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  ).run(
    upload.uploadId,
    upload.bucket,
    upload.key,
    JSON.stringify(upload.headers),
    JSON.stringify(upload.metadata),
    upload.storageClass,
    upload.checksumAlgorithm ?? null,
    upload.checksumType ?? null,
    upload.initiatedMs,
  );
}

/** The upload a request names, if it is under way for that key. */
export function findUpload({ db }: S3, { bucket, key, query }: S3Request): Upload | undefined {
  const row = db
    .query<UploadRow, [string, string, string]>(
      'SELECT * FROM s3_uploads WHERE upload_id = ? AND bucket = ? AND key = ?',
    )
    .get(query.get('uploadId') ?? '', bucket, key);
  return row ? uploadOf(row) : undefined;
}

/** Throws NoSuchUpload. */
export function getUpload(s3: S3, request: S3Request): Upload {
  const upload = findUpload(s3, request);
  if (upload) return upload;
  throw noSuchUpload(request);
}

export function noSuchUpload({ query }: S3Request): AwsError {
  return new AwsError(
    'NoSuchUpload',
    404,
    'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
    { UploadId: query.get('uploadId') ?? '' },
  );
}

/** Uploads of a bucket after a key, or after an upload of that key, in the order of keys and of their beginning. */
export function listUploads(
  { db }: S3,
  {
    bucket,
    prefix,
    keyMarker,
    uploadIdMarker,
    limit,
  }: { bucket: string; prefix: string; keyMarker: string; uploadIdMarker: string; limit: number },
): Upload[] {
  const rows = db
    .query<UploadRow, [string, string, string, string, number]>(
      `SELECT * FROM s3_uploads
       WHERE bucket = ?1 AND substr(key, 1, length(?2)) = ?2
         AND (key > ?3 OR (key = ?3 AND ?4 <> '' AND
           (initiated_ms, upload_id) > ((SELECT initiated_ms FROM s3_uploads WHERE upload_id = ?4), ?4)))
       ORDER BY key, initiated_ms, upload_id LIMIT ?5`,
    )
    .all(bucket, prefix, keyMarker, uploadIdMarker, limit);
  return rows.map(uploadOf);
}

/** Uploads of a bucket that began before a time. */
export function uploadsBefore({ db }: S3, bucket: string, initiatedMs: number): Upload[] {
  return db
    .query<UploadRow, [string, number]>('SELECT * FROM s3_uploads WHERE bucket = ? AND initiated_ms < ?')
    .all(bucket, initiatedMs)
    .map(uploadOf);
}

/** Removes an upload and its parts. To be called in a transaction; returns the bodies to discard after it. */
export function removeUpload({ db }: S3, uploadId: string): string[] {
  const parts = db.query<{ body: string }, [string]>('SELECT body FROM s3_parts WHERE upload_id = ?').all(uploadId);
  db.query('DELETE FROM s3_uploads WHERE upload_id = ?').run(uploadId);
  return parts.map(({ body }) => body);
}

/** Puts a part, in place of the one of its number. To be called in a transaction; returns the bodies to discard after it. */
export function replacePart(s3: S3, uploadId: string, part: Part): string[] {
  const old = findPart(s3, uploadId, part.partNumber);
  s3.db
    .query(
      'INSERT OR REPLACE INTO s3_parts (upload_id, part_number, body, size, etag, checksum, modified_ms) VALUES (?, ?, ?, ?, ?, ?, ?)',
    )
    .run(
      uploadId,
      part.partNumber,
      part.body,
      part.size,
      part.etag,
      part.checksum ? JSON.stringify(part.checksum) : null,
      part.modifiedMs,
    );
  return old ? [old.body] : [];
}

export function findPart({ db }: S3, uploadId: string, partNumber: number): Part | undefined {
  const row = db
    .query<PartRow, [string, number]>('SELECT * FROM s3_parts WHERE upload_id = ? AND part_number = ?')
    .get(uploadId, partNumber);
  return row ? partOf(row) : undefined;
}

/** Parts after a number, in order. */
export function listPartsAfter({ db }: S3, uploadId: string, marker: number, limit: number): Part[] {
  return db
    .query<PartRow, [string, number, number]>(
      'SELECT * FROM s3_parts WHERE upload_id = ? AND part_number > ? ORDER BY part_number LIMIT ?',
    )
    .all(uploadId, marker, limit)
    .map(partOf);
}

function uploadOf(row: UploadRow): Upload {
  return {
    uploadId: row.upload_id,
    bucket: row.bucket,
    key: row.key,
    headers: JSON.parse(row.headers) as Upload['headers'],
    metadata: JSON.parse(row.metadata) as Upload['metadata'],
    storageClass: row.storage_class,
    checksumAlgorithm: row.checksum_algorithm ?? undefined,
    checksumType: row.checksum_type ?? undefined,
    initiatedMs: row.initiated_ms,
  };
}

function partOf(row: PartRow): Part {
  return {
    partNumber: row.part_number,
    body: row.body,
    size: row.size,
    etag: row.etag,
    checksum: row.checksum === null ? undefined : (JSON.parse(row.checksum) as Checksum),
    modifiedMs: row.modified_ms,
  };
}
