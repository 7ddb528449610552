/** DeleteBucket: only an empty one; uploads that were never completed go with it. */
import { AwsError } from '../errors.ts';
import { findBucket } from './buckets.ts';
import { change } from './objects.ts';
import type { S3, S3Request } from './s3.ts';

export function deleteBucket(s3: S3, { bucket }: S3Request): Response {
  const { db } = s3;
  change(s3, () => {
    findBucket(s3, bucket);
    if (db.query('SELECT 1 FROM s3_objects WHERE bucket = ? LIMIT 1').get(bucket)) {
      throw new AwsError('BucketNotEmpty', 409, 'The bucket you tried to delete is not empty', { BucketName: bucket });
    }
    const parts = db
      .query<{ body: string }, [string]>('SELECT body FROM s3_parts JOIN s3_uploads USING (upload_id) WHERE bucket = ?')
      .all(bucket);
    db.query('DELETE FROM s3_uploads WHERE bucket = ?').run(bucket);
    db.query('DELETE FROM s3_buckets WHERE name = ?').run(bucket);
    return parts.map(({ body }) => body);
  });
  return new Response(null, { status: 204 });
}
