/** S3, as far as this cloud carries it: REST in, XML out. This file is its list of operations and its border. */
import { join } from 'node:path';
import { AwsError, notImplemented } from '../errors.ts';
import { ACCOUNT_ID, type AwsRequest, type Parts, type Service } from '../service.ts';
import { signatureErrors } from '../signature-errors.ts';
import { decodePath, type Credentials } from '../signature.ts';
import { xmlDocument } from '../wire/xml.ts';
import { Bodies } from './bodies.ts';
import { abortMultipartUpload } from './abort-multipart-upload.ts';
import { Calendar } from './calendar.ts';
import { completeMultipartUpload } from './complete-multipart-upload.ts';
import { copyObject } from './copy-object.ts';
import { addCorsHeaders, answerPreflight, deleteBucketCors, getBucketCors, putBucketCors } from './cors.ts';
import { createBucket } from './create-bucket.ts';
import { createMultipartUpload } from './create-multipart-upload.ts';
import { deleteBucket } from './delete-bucket.ts';
import { deleteObject, deleteObjects } from './delete-object.ts';
import { getObject, headObject } from './get-object.ts';
import { getBucketLocation, headBucket } from './head-bucket.ts';
import {
  deleteBucketLifecycle,
  getBucketLifecycleConfiguration,
  putBucketLifecycleConfiguration,
} from './lifecycle.ts';
import { listBuckets } from './list-buckets.ts';
import { listObjectsV2 } from './list-objects-v2.ts';
import { listMultipartUploads, listParts } from './list-parts.ts';
import {
  getBucketNotificationConfiguration,
  notificationsOf,
  putBucketNotificationConfiguration,
} from './bucket-notification.ts';
import { operationName } from './operations.ts';
import { Outbox } from './outbox.ts';
import { postObject } from './post-object.ts';
import { getBucketVersioning, getPublicAccessBlock, putPublicAccessBlock } from './public-access-block.ts';
import { putObject } from './put-object.ts';
import { restoreObject } from './restore-object.ts';
import type { Operation, S3, S3Request } from './s3.ts';
import { createTables } from './tables.ts';
import { uploadPart, uploadPartCopy } from './upload-part.ts';

const OPERATIONS: Readonly<Record<string, Operation>> = {
  AbortMultipartUpload: abortMultipartUpload,
  CompleteMultipartUpload: completeMultipartUpload,
  CopyObject: copyObject,
  CreateBucket: createBucket,
  CreateMultipartUpload: createMultipartUpload,
  DeleteBucket: deleteBucket,
  DeleteBucketCors: deleteBucketCors,
  DeleteBucketLifecycle: deleteBucketLifecycle,
  DeleteObject: deleteObject,
  DeleteObjects: deleteObjects,
  GetBucketCors: getBucketCors,
  GetBucketLifecycleConfiguration: getBucketLifecycleConfiguration,
  GetBucketLocation: getBucketLocation,
  GetBucketNotificationConfiguration: getBucketNotificationConfiguration,
  GetBucketVersioning: getBucketVersioning,
  GetObject: getObject,
  GetPublicAccessBlock: getPublicAccessBlock,
  HeadBucket: headBucket,
  HeadObject: headObject,
  ListBuckets: listBuckets,
  ListMultipartUploads: listMultipartUploads,
  ListObjectsV2: listObjectsV2,
  ListParts: listParts,
  PostObject: postObject,
  PreflightRequest: answerPreflight,
  PutBucketCors: putBucketCors,
  PutBucketLifecycleConfiguration: putBucketLifecycleConfiguration,
  PutBucketNotificationConfiguration: putBucketNotificationConfiguration,
  PutObject: putObject,
  PutPublicAccessBlock: putPublicAccessBlock,
  RestoreObject: restoreObject,
  UploadPart: uploadPart,
  UploadPartCopy: uploadPartCopy,
};

/** What needs no signature on the request: a preflight asks only what is allowed, a form carries its own. */
const UNSIGNED_OPERATIONS = ['PostObject', 'PreflightRequest'];

/** S3 on the store of `parts`. `credentials` are for browser forms, whose signature is in the form. */
export function createS3(parts: Parts, credentials: Credentials): Service {
  const { db } = parts.store;
  createTables(db);
  const s3: S3 = {
    parts,
    db,
    bodies: new Bodies(join(parts.store.bodies, 's3')),
    calendar: new Calendar(() => s3),
    outbox: new Outbox(parts, (bucket) => notificationsOf(s3, bucket)),
    credentials,
  };

  return {
    async handle(awsRequest) {
      const request = readRequest(awsRequest);
      const name = operationName(request);
      if (request.accessKeyId === undefined && !UNSIGNED_OPERATIONS.includes(name))
        throw signatureErrors('s3').missing();
      const owner = request.headers.get('x-amz-expected-bucket-owner') ?? ACCOUNT_ID;
      if (owner !== ACCOUNT_ID) throw new AwsError('AccessDenied', 403, 'Access Denied');
      const operation = Object.hasOwn(OPERATIONS, name) ? OPERATIONS[name] : undefined;
      if (!operation) throw notImplemented('S3', name);
      return finish(s3, request, await operation(s3, request));
    },
    error: (error, request) => finish(s3, request, errorResponse(error, request)),
    start() {
      const bodies = db.query<{ body: string }, []>('SELECT body FROM s3_objects UNION ALL SELECT body FROM s3_parts');
      const known = new Set(bodies.all().map(({ body }) => body));
      s3.bodies.sweep((name) => known.has(name));
      s3.outbox.deliver();
      s3.calendar.run();
    },
    stop() {
      s3.calendar.stop();
      s3.outbox.stop();
    },
  };
}

/** Bucket and key out of the path; headers hoisted into a presigned link back among the headers. */
function readRequest(request: AwsRequest): S3Request {
  const hoisted = [...request.query].filter(([name]) => name.startsWith('x-amz-'));
  const headers = hoisted.length === 0 ? request.headers : new Headers(request.headers);
  for (const [name, value] of hoisted) if (!headers.has(name)) headers.set(name, value);
  const path = decodePath(request.rawPath).slice(1);
  const { bucket, key } = splitPath(path);
  return { ...request, headers, bucket, key };
}

function splitPath(path: string): { bucket: string; key: string } {
  const slash = path.indexOf('/');
  return slash < 0 ? { bucket: path, key: '' } : { bucket: path.slice(0, slash), key: path.slice(slash + 1) };
}

/** What every answer carries. */
function finish(s3: S3, request: AwsRequest, response: Response): Response {
  const { bucket } = splitPath(request.rawPath.slice(1));
  response.headers.set('x-amz-request-id', request.requestId);
  response.headers.set('x-amz-id-2', request.requestId);
  return addCorsHeaders(s3, { ...request, bucket }, response);
}

/** "REST Error Responses", Amazon S3 API Reference. HEAD and 304 have no body. */
function errorResponse(error: unknown, { method, rawPath, requestId }: AwsRequest): Response {
  const { code, status, message, details } =
    error instanceof AwsError
      ? error
      : new AwsError('InternalError', 500, 'We encountered an internal error. Please try again.');
  if (method === 'HEAD' || status === 304) return new Response(null, { status });
  const members = Object.entries(details).map(([name, value]) => [name, String(value)]);
  const body = xmlDocument('Error', {
    Code: code,
    Message: message,
    ...(Object.fromEntries(members) as Record<string, string>),
    Resource: rawPath,
    RequestId: requestId,
  });
  return new Response(body, { status, headers: { 'content-type': 'application/xml' } });
}
