/** CreateBucket. The caller owns every bucket here, so making one again says so. */
import { AwsError } from '../errors.ts';
import { checkBucketName } from './limits.ts';
import type { S3, S3Request } from './s3.ts';

export async function createBucket(s3: S3, { bucket, headers }: S3Request): Promise<Response> {
  checkBucketName(bucket);
  if (headers.get('x-amz-bucket-object-lock-enabled')?.toLowerCase() === 'true') {
    throw new AwsError('NotImplemented', 501, 'The embedded cloud does not implement S3 object lock.');
  }
  const made = s3.db
    .query('INSERT OR IGNORE INTO s3_buckets (name, created_ms) VALUES (?, ?)')
    .run(bucket, s3.parts.clock.now());
  if (made.changes === 0) {
    throw new AwsError(
      'BucketAlreadyOwnedByYou',
      409,
      'Your previous request to create the named bucket succeeded and you already own it.',
      {
        BucketName: bucket,
      },
    );
  }
  return new Response(null, { headers: { location: `/${bucket}` } });
}
