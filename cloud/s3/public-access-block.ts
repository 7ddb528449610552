/**
 * Public access: there is none here, so a bucket always says that all of it is blocked, may be told so, and cannot be
 * opened. GetBucketVersioning is here for the same reason: what is never enabled can be asked for.
 */
import { notImplemented } from '../errors.ts';
import { childText } from '../wire/xml-reader.ts';
import { findBucket } from './buckets.ts';
import { readDocument } from './document.ts';
import { xmlResponse, type S3, type S3Request } from './s3.ts';

const SETTINGS = ['BlockPublicAcls', 'IgnorePublicAcls', 'BlockPublicPolicy', 'RestrictPublicBuckets'];

export async function putPublicAccessBlock(s3: S3, request: S3Request): Promise<Response> {
  findBucket(s3, request.bucket);
  const document = await readDocument(request, 'PublicAccessBlockConfiguration');
  const open = SETTINGS.find((name) => childText(document, name)?.toLowerCase() !== 'true');
  if (open) throw notImplemented('S3', `PutPublicAccessBlock without ${open}`);
  return new Response(null);
}

export function getPublicAccessBlock(s3: S3, { bucket }: S3Request): Response {
  findBucket(s3, bucket);
  return xmlResponse('PublicAccessBlockConfiguration', Object.fromEntries(SETTINGS.map((name) => [name, true])));
}

export function getBucketVersioning(s3: S3, { bucket }: S3Request): Response {
  findBucket(s3, bucket);
  return xmlResponse('VersioningConfiguration', '');
}
