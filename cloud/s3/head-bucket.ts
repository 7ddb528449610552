/** HeadBucket and GetBucketLocation: that it is there, and where. */
import { findBucket } from './buckets.ts';
import { xmlResponse, type S3, type S3Request } from './s3.ts';

export function headBucket(s3: S3, { bucket }: S3Request): Response {
  findBucket(s3, bucket);
  return new Response(null, { headers: { 'x-amz-bucket-region': s3.parts.region } });
}

/** GetBucketLocation: us-east-1 is said by an empty element (API Reference, "GetBucketLocation"). */
export function getBucketLocation(s3: S3, { bucket }: S3Request): Response {
  findBucket(s3, bucket);
  const { region } = s3.parts;
  return xmlResponse('LocationConstraint', region === 'us-east-1' ? '' : region);
}
