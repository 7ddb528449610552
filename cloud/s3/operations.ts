/**
 * Which operation a request means: S3 says it in method, path, query and one header. Everything S3 has is named, so
 * that what is not carried is refused by its name. Source: "Actions", Amazon S3 API Reference.
 */
import type { S3Request } from './s3.ts';

/** Sub-resources of a bucket by query parameter: the noun of Get…, Put…, Delete…. */
const BUCKET_NOUNS: Record<string, string> = {
  accelerate: 'BucketAccelerateConfiguration',
  acl: 'BucketAcl',
  analytics: 'BucketAnalyticsConfiguration',
  cors: 'BucketCors',
  encryption: 'BucketEncryption',
  'intelligent-tiering': 'BucketIntelligentTieringConfiguration',
  inventory: 'BucketInventoryConfiguration',
  lifecycle: 'BucketLifecycleConfiguration',
  location: 'BucketLocation',
  logging: 'BucketLogging',
  metrics: 'BucketMetricsConfiguration',
  notification: 'BucketNotificationConfiguration',
  'object-lock': 'ObjectLockConfiguration',
  ownershipControls: 'BucketOwnershipControls',
  policy: 'BucketPolicy',
  policyStatus: 'BucketPolicyStatus',
  publicAccessBlock: 'PublicAccessBlock',
  replication: 'BucketReplication',
  requestPayment: 'BucketRequestPayment',
  tagging: 'BucketTagging',
  versioning: 'BucketVersioning',
  website: 'BucketWebsite',
};

/** The same of an object. */
const OBJECT_NOUNS: Record<string, string> = {
  acl: 'ObjectAcl',
  attributes: 'ObjectAttributes',
  'legal-hold': 'ObjectLegalHold',
  retention: 'ObjectRetention',
  tagging: 'ObjectTagging',
  torrent: 'ObjectTorrent',
};

const VERBS: Record<string, string> = { GET: 'Get', PUT: 'Put', DELETE: 'Delete' };

/** AWS's name of the operation, or the method and path when S3 has none such. */
export function operationName(request: S3Request): string {
  const { method, bucket, key, rawPath } = request;
  if (method === 'OPTIONS') return 'PreflightRequest';
  const name = key === '' ? bucketOperation(request) : objectOperation(request);
  if (bucket === '') return method === 'GET' ? 'ListBuckets' : `${method} ${rawPath}`;
  return name ?? `${method} ${rawPath}`;
}

function bucketOperation({ method, query }: S3Request): string | undefined {
  const verb = VERBS[method];
  const noun = Object.keys(BUCKET_NOUNS).find((name) => query.has(name));
  if (noun && verb) {
    // Deleting these two has names of its own.
    if (method === 'DELETE' && noun === 'lifecycle') return 'DeleteBucketLifecycle';
    return verb + (BUCKET_NOUNS[noun] ?? '');
  }
  switch (method) {
    case 'GET':
      if (query.has('uploads')) return 'ListMultipartUploads';
      if (query.has('versions')) return 'ListObjectVersions';
      return query.get('list-type') === '2' ? 'ListObjectsV2' : 'ListObjects';
    case 'PUT':
      return 'CreateBucket';
    case 'HEAD':
      return 'HeadBucket';
    case 'DELETE':
      return 'DeleteBucket';
    case 'POST':
      return query.has('delete') ? 'DeleteObjects' : 'PostObject';
  }
  return undefined;
}

function objectOperation({ method, query, headers }: S3Request): string | undefined {
  const verb = VERBS[method];
  const noun = Object.keys(OBJECT_NOUNS).find((name) => query.has(name));
  if (noun && verb) return verb + (OBJECT_NOUNS[noun] ?? '');
  const isCopy = headers.has('x-amz-copy-source');
  switch (method) {
    case 'GET':
      return query.has('uploadId') ? 'ListParts' : 'GetObject';
    case 'HEAD':
      return 'HeadObject';
    case 'PUT':
      if (query.has('renameObject')) return 'RenameObject';
      if (query.has('uploadId')) return isCopy ? 'UploadPartCopy' : 'UploadPart';
      return isCopy ? 'CopyObject' : 'PutObject';
    case 'DELETE':
      return query.has('uploadId') ? 'AbortMultipartUpload' : 'DeleteObject';
    case 'POST':
      if (query.has('uploads')) return 'CreateMultipartUpload';
      if (query.has('uploadId')) return 'CompleteMultipartUpload';
      if (query.has('restore')) return 'RestoreObject';
      return query.has('select') ? 'SelectObjectContent' : undefined;
  }
  return undefined;
}
