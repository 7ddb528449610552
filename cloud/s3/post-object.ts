/** POST Object: the upload of a browser's form, allowed by a signed policy and by nothing else. */
import { AwsError } from '../errors.ts';
import type { Bytes } from '../wire/body.ts';
import { findBucket } from './buckets.ts';
import { checkIntegrity, checksumHeaders, checksumOf, expectedChecksum } from './checksums.ts';
import { readForm, type Form } from './form.ts';
import { checkKey, tooLarge } from './limits.ts';
import { readMetadata, readStorageClass } from './metadata.ts';
import { commitBody, replaceObject, type StoredObject } from './objects.ts';
import { checkPolicy, type SizeLimits } from './post-policy.ts';
import { quoted, xmlResponse, type S3, type S3Request } from './s3.ts';

export async function postObject(s3: S3, request: S3Request): Promise<Response> {
  findBucket(s3, request.bucket);
  const form = await readForm(request);
  try {
    return await storeForm(s3, request, form);
  } finally {
    form.close();
  }
}

async function storeForm(s3: S3, { bucket, requestId }: S3Request, { fields, file }: Form): Promise<Response> {
  const limits = checkPolicy(fields, bucket, {
    credentials: s3.credentials,
    region: s3.parts.region,
    nowMs: Date.now(),
  });
  const key = fields.get('key');
  if (!key) {
    throw new AwsError(
      'InvalidArgument',
      400,
      "Bucket POST must contain a field named 'key'. If it is specified, please check the order of the fields.",
      { ArgumentName: 'key', ArgumentValue: '' },
    );
  }
  checkKey(key);
  const headers = fieldsAsHeaders(fields);
  const described = { ...readMetadata(headers), storageClass: readStorageClass(headers) };
  const expected = expectedChecksum({ headers });

  const body = await s3.bodies.receive(withinLimits(file, limits), expected ? [expected.algorithm] : [], (received) => {
    if (received.size < limits.min) throw tooSmall(received.size, limits.min);
    checkIntegrity(received, { headers, trailers: new Headers() }, expected);
  });
  const object: StoredObject = {
    bucket,
    key,
    ...described,
    body: body.name,
    size: body.size,
    etag: body.md5,
    checksum: checksumOf(body, expected?.algorithm),
    modifiedMs: s3.parts.clock.now(),
    uploadId: undefined,
    restore: undefined,
  };
  commitBody(s3, body, () => {
    findBucket(s3, bucket);
    s3.outbox.emit({ name: 'ObjectCreated:Post', object, requestId });
    return replaceObject(s3, object);
  });
  return success(s3, fields, object);
}

/** The file, cut off by an error at the first byte too many: what is over the limit is never stored. */
async function* withinLimits(file: Bytes, { max }: SizeLimits): Bytes {
  let size = 0;
  for await (const chunk of file) {
    size += chunk.length;
    if (size > max) throw tooLarge(size, max);
    yield chunk;
  }
}

/** Fields named as headers mean what the headers would. */
function fieldsAsHeaders(fields: Form['fields']): Headers {
  const headers = new Headers();
  for (const [name, value] of fields) {
    if (
      !/^(cache-control|content-|expires$|x-amz-(meta-|checksum-|storage-class|server-side|tagging|website|object-lock))|^acl$/.test(
        name,
      )
    )
      continue;
    try {
      headers.set(name === 'acl' ? 'x-amz-acl' : name, value);
    } catch {
      throw new AwsError('InvalidArgument', 400, `The field ${name} cannot be kept as a header.`, {
        ArgumentName: name,
      });
    }
  }
  return headers;
}

/** What the form asked to see: a page, a document, or nothing ("success_action_redirect", "success_action_status"). */
function success(s3: S3, fields: Form['fields'], { bucket, key, etag, checksum }: StoredObject): Response {
  const location = `${s3.parts.url()}/${bucket}/${encodeURIComponent(key)}`;
  const headers = { etag: quoted(etag), location, ...checksumHeaders(checksum) };
  const redirect = URL.parse(fields.get('success_action_redirect') ?? fields.get('redirect') ?? '');
  if (redirect) {
    for (const [name, value] of Object.entries({ bucket, key, etag: quoted(etag) }))
      redirect.searchParams.set(name, value);
    return new Response(null, { status: 303, headers: { ...headers, location: redirect.href } });
  }
  const status = fields.get('success_action_status');
  if (status === '200') return new Response(null, { headers });
  if (status !== '201') return new Response(null, { status: 204, headers });
  const created = xmlResponse(
    'PostResponse',
    { Location: location, Bucket: bucket, Key: key, ETag: quoted(etag) },
    headers,
  );
  return new Response(created.body, { status: 201, headers: created.headers });
}

function tooSmall(bytes: number, bytesMin: number): AwsError {
  return new AwsError('EntityTooSmall', 400, 'Your proposed upload is smaller than the minimum allowed size', {
    ProposedSize: String(bytes),
    MinSizeAllowed: String(bytesMin),
  });
}
