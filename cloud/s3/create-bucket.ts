/** CreateBucket. The caller owns every bucket here, so making one again says so. */
import { AwsError, notImplemented } from '../errors.ts';
import { childText } from '../wire/xml-reader.ts';
import { readDocument } from './document.ts';
import { checkBucketName } from './limits.ts';
import { refuseUnkept } from './metadata.ts';
import type { S3, S3Request } from './s3.ts';

export async function createBucket(s3: S3, request: S3Request): Promise<Response> {
  const { bucket, headers } = request;
  checkBucketName(bucket);
  if (headers.get('x-amz-bucket-object-lock-enabled')?.toLowerCase() === 'true')
    throw notImplemented('S3', 'object lock');
  if ((headers.get('x-amz-object-ownership') ?? 'BucketOwnerEnforced') !== 'BucketOwnerEnforced') {
    throw notImplemented('S3', 'object ownership other than BucketOwnerEnforced');
  }
  refuseUnkept(headers);
  await checkConfiguration(s3, request);
  const made = s3.db
    .query('INSERT OR IGNORE INTO s3_buckets (name, created_ms) VALUES (?, ?)')
    .run(bucket, s3.parts.clock.now());
  if (made.changes === 0) {
    const message = 'Your previous request to create the named bucket succeeded and you already own it.';
    throw new AwsError('BucketAlreadyOwnedByYou', 409, message, { BucketName: bucket });
  }
  return new Response(null, { headers: { location: `/${bucket}` } });
}

/** A CreateBucketConfiguration may say where; there is one region. */
async function checkConfiguration(s3: S3, request: S3Request): Promise<void> {
  if (Number(request.headers.get('content-length') ?? 0) === 0) return;
  const document = await readDocument(request, 'CreateBucketConfiguration');
  const unknown = document.children.find(({ name }) => name !== 'LocationConstraint');
  if (unknown) throw notImplemented('S3', `CreateBucket with ${unknown.name}`);
  const region = childText(document, 'LocationConstraint') ?? '';
  if (region === '' || region === s3.parts.region) return;
  throw new AwsError(
    'IllegalLocationConstraintException',
    400,
    `The ${region} location constraint is incompatible for the region specific endpoint this request was sent to.`,
  );
}
