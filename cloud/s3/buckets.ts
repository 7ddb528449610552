/** Buckets, and the configurations each may have. */
import { AwsError } from '../errors.ts';
import type { S3 } from './s3.ts';

export interface Bucket {
  name: string;
  createdMs: number;
}

/** What can be configured, by the name it has in a request's query. */
export type ConfigurationKind = 'cors' | 'lifecycle' | 'notification';

/** All buckets by name. */
export function allBuckets({ db }: S3): Bucket[] {
  return db.query<Bucket, []>('SELECT name, created_ms AS createdMs FROM s3_buckets ORDER BY name').all();
}

/** Throws NoSuchBucket. */
export function findBucket({ db }: S3, name: string): Bucket {
  const bucket = db
    .query<Bucket, [string]>('SELECT name, created_ms AS createdMs FROM s3_buckets WHERE name = ?')
    .get(name);
  if (bucket) return bucket;
  throw new AwsError('NoSuchBucket', 404, 'The specified bucket does not exist', { BucketName: name });
}

/** The configuration of a kind, if the bucket has one. `T` is what was put: only the file of the kind writes and reads it. */
export function configuration<T>({ db }: S3, bucket: string, kind: ConfigurationKind): T | undefined {
  const row = db
    .query<{ document: string }, [string, string]>(
      'SELECT document FROM s3_bucket_configurations WHERE bucket = ? AND kind = ?',
    )
    .get(bucket, kind);
  return row ? (JSON.parse(row.document) as T) : undefined;
}

export function configure({ db }: S3, bucket: string, kind: ConfigurationKind, document: unknown): void {
  db.query('INSERT OR REPLACE INTO s3_bucket_configurations (bucket, kind, document) VALUES (?, ?, ?)').run(
    bucket,
    kind,
    JSON.stringify(document),
  );
}

export function removeConfiguration({ db }: S3, bucket: string, kind: ConfigurationKind): void {
  db.query('DELETE FROM s3_bucket_configurations WHERE bucket = ? AND kind = ?').run(bucket, kind);
}
