/** S3, as far as this cloud carries it: REST in, XML out. This file is its list of operations and its border. */
import { join } from 'node:path';
import { AwsError, notImplemented } from '../errors.ts';
import type { AwsRequest, Parts, Service } from '../service.ts';
import { decodePath, type Credentials } from '../signature.ts';
import { xmlDocument } from '../wire/xml.ts';
import { Bodies } from './bodies.ts';
import { createBucket } from './create-bucket.ts';
import { getObject, headObject } from './get-object.ts';
import { operationName } from './operations.ts';
import { putObject } from './put-object.ts';
import type { Operation, S3, S3Request } from './s3.ts';
import { createTables } from './tables.ts';

const OPERATIONS: Readonly<Record<string, Operation>> = {
  CreateBucket: createBucket,
  GetObject: getObject,
  HeadObject: headObject,
  PutObject: putObject,
};

/** S3 on the store of `parts`. `credentials` are for browser forms, whose signature is in the form. */
export function createS3(parts: Parts, credentials: Credentials): Service {
  const { db } = parts.store;
  createTables(db);
  const s3: S3 = { parts, db, bodies: new Bodies(join(parts.store.bodies, 's3')), credentials };

  return {
    async handle(awsRequest) {
      const request = readRequest(awsRequest);
      const name = operationName(request);
      const operation = Object.hasOwn(OPERATIONS, name) ? OPERATIONS[name] : undefined;
      if (!operation) throw notImplemented('S3', name);
      return withRequestId(await operation(s3, request), request);
    },
    error: (error, request) => withRequestId(errorResponse(error, request), request),
    start() {
      const bodies = db.query<{ body: string }, []>('SELECT body FROM s3_objects UNION ALL SELECT body FROM s3_parts');
      const known = new Set(bodies.all().map(({ body }) => body));
      s3.bodies.sweep((name) => known.has(name));
    },
    stop() {},
  };
}

/** Bucket and key out of the path; headers hoisted into a presigned link back among the headers. */
function readRequest(request: AwsRequest): S3Request {
  const path = decodePath(request.rawPath).slice(1);
  const slash = path.indexOf('/');
  const [bucket, key] = slash < 0 ? [path, ''] : [path.slice(0, slash), path.slice(slash + 1)];
  const hoisted = [...request.query].filter(([name]) => name.startsWith('x-amz-'));
  const headers = hoisted.length === 0 ? request.headers : new Headers(request.headers);
  for (const [name, value] of hoisted) if (!headers.has(name)) headers.set(name, value);
  return { ...request, headers, bucket, key };
}

function withRequestId(response: Response, { requestId }: AwsRequest): Response {
  response.headers.set('x-amz-request-id', requestId);
  return response;
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
