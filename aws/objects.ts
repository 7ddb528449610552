/** S3: signed links for browsers, streams in and out, delete. Bodies pass through; none is held in memory. */
import {
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type StorageClass,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { createPresignedPost } from '@aws-sdk/s3-presigned-post';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { createReadStream, createWriteStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { awsErrorName, type Aws } from './clients.ts';

/** Where an object is. */
export interface Place {
  bucket: string;
  key: string;
}

export interface ObjectFacts {
  bytes: number;
  etag: string;
  /** `STANDARD` when S3 does not say. */
  storageClass: string;
}

/** A form that lets a browser upload one file to keys under `keyPrefix`, and nothing else. */
export async function signUpload(
  aws: Aws,
  options: { bucket: string; keyPrefix: string; bytesMax: number; expiresSeconds: number; successUrl?: string },
): Promise<{ url: string; fields: Record<string, string> }> {
  const { bucket, keyPrefix, bytesMax, expiresSeconds, successUrl } = options;
  return createPresignedPost(aws.s3Links, {
    Bucket: bucket,
    Key: `${keyPrefix}\${filename}`,
    Expires: expiresSeconds,
    Conditions: [
      ['starts-with', '$key', keyPrefix],
      ['content-length-range', 0, bytesMax],
    ],
    Fields: successUrl ? { success_action_redirect: successUrl } : { success_action_status: '201' },
  });
}

/** A link that lets a browser download one object under a good file name. */
export async function signDownload(
  aws: Aws,
  options: Place & { fileName: string; contentType: string; expiresSeconds: number },
): Promise<string> {
  const { bucket, key, fileName, contentType, expiresSeconds } = options;
  const command = new GetObjectCommand({
    Bucket: bucket,
    Key: key,
    ResponseContentType: contentType,
    ResponseContentDisposition: contentDisposition(fileName),
  });
  return getSignedUrl(aws.s3Links, command, { expiresIn: expiresSeconds });
}

/** Facts of an object, or null when there is none. */
export async function headObject(aws: Aws, { bucket, key }: Place): Promise<ObjectFacts | null> {
  try {
    const head = await aws.s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
    return {
      bytes: head.ContentLength ?? 0,
      etag: head.ETag ?? '',
      storageClass: head.StorageClass ?? 'STANDARD',
    };
  } catch (error) {
    if (awsErrorName(error) === 'NotFound' || awsErrorName(error) === 'NoSuchKey') return null;
    throw error;
  }
}

/** Opens an object for reading. @throws the SDK's `NoSuchKey` when there is none. */
export async function openObject(
  aws: Aws,
  { bucket, key }: Place,
  signal?: AbortSignal,
): Promise<{ stream: Readable; bytes: number }> {
  const { Body, ContentLength } = await aws.s3.send(
    new GetObjectCommand({ Bucket: bucket, Key: key }),
    signal ? { abortSignal: signal } : {},
  );
  return { stream: Body as Readable, bytes: ContentLength ?? 0 };
}

export async function downloadFile(aws: Aws, place: Place, path: string, signal: AbortSignal): Promise<void> {
  const { stream } = await openObject(aws, place, signal);
  await pipeline(stream, createWriteStream(path), { signal });
}

export async function uploadFile(
  aws: Aws,
  place: Place,
  path: string,
  contentType: string,
  signal: AbortSignal,
): Promise<void> {
  await uploadStream(aws, place, createReadStream(path), { contentType }, signal);
}

/** Uploads a stream of up to 156 GiB in parts of 16 MiB, two at a time. */
export async function uploadStream(
  aws: Aws,
  { bucket, key }: Place,
  stream: Readable,
  { contentType, storageClass }: { contentType: string; storageClass?: StorageClass },
  signal?: AbortSignal,
): Promise<void> {
  const upload = new Upload({
    client: aws.s3,
    params: {
      Bucket: bucket,
      Key: key,
      Body: stream,
      ContentType: contentType,
      ...(storageClass ? { StorageClass: storageClass } : {}),
    },
    partSize: 16 * 2 ** 20,
    queueSize: 2,
  });
  const abort = () => void upload.abort();
  // An upload that fails says why itself; one that was given up asks no more what became of its file.
  stream.on('error', () => undefined);
  try {
    signal?.throwIfAborted();
    signal?.addEventListener('abort', abort, { once: true });
    await upload.done();
  } finally {
    signal?.removeEventListener('abort', abort);
    stream.destroy();
  }
}

/** The first `bytesMax` bytes of an object, all of it when it is shorter. */
export async function readRange(aws: Aws, { bucket, key }: Place, bytesMax: number): Promise<Uint8Array> {
  const { Body } = await aws.s3.send(
    new GetObjectCommand({ Bucket: bucket, Key: key, Range: `bytes=0-${bytesMax - 1}` }),
  );
  return (await Body?.transformToByteArray()) ?? new Uint8Array(0);
}

/** Stores a small body that is in memory. */
export async function uploadBytes(
  aws: Aws,
  { bucket, key }: Place,
  body: Uint8Array,
  contentType: string,
): Promise<void> {
  await aws.s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ContentType: contentType }));
}

export async function deleteObjects(aws: Aws, bucket: string, keys: readonly string[]): Promise<void> {
  for (let at = 0; at < keys.length; at += 1000) {
    const Objects = keys.slice(at, at + 1000).map((Key) => ({ Key }));
    const { Errors } = await aws.s3.send(
      new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects, Quiet: true } }),
    );
    const first = Errors?.[0];
    if (first) throw new Error(`S3 could not delete ${first.Key}: ${first.Code} ${first.Message}`);
  }
}

/** Every object under a prefix, with the time it was written (ISO 8601). */
export async function listObjects(
  aws: Aws,
  bucket: string,
  prefix: string,
): Promise<{ key: string; modified: string }[]> {
  const objects: { key: string; modified: string }[] = [];
  let token: string | undefined;
  do {
    const page = await aws.s3.send(
      new ListObjectsV2Command({
        Bucket: bucket,
        Prefix: prefix,
        ...(token ? { ContinuationToken: token } : {}),
      }),
    );
    for (const { Key, LastModified } of page.Contents ?? []) {
      if (Key) objects.push({ key: Key, modified: LastModified?.toISOString() ?? '' });
    }
    token = page.NextContinuationToken;
  } while (token);
  return objects;
}

/** Deletes every object under a prefix. */
export async function deletePrefix(aws: Aws, bucket: string, prefix: string): Promise<void> {
  const objects = await listObjects(aws, bucket, prefix);
  await deleteObjects(
    aws,
    bucket,
    objects.map(({ key }) => key),
  );
}

/** RFC 6266: an ASCII name for old clients, the true one in UTF-8. */
function contentDisposition(fileName: string): string {
  const ascii = fileName.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  const utf8 = encodeURIComponent(fileName).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  return `attachment; filename="${ascii}"; filename*=UTF-8''${utf8}`;
}
