/** Presigned links: what they allow, for how long, and what a bearer cannot add to them. And requests without any signature. */
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { request } from 'node:http';
import { TestClock } from '../../../cloud/clock.ts';
import { startTestCloud, type TestCloud } from '../../support/cloud.ts';

const Bucket = 'presigned';
let cloud: TestCloud;
let s3: S3Client;

beforeAll(async () => {
  // The cloud's clock is far away from the real one: signatures must not care.
  cloud = await startTestCloud({ clock: new TestClock(Date.UTC(2001, 0, 1)) });
  s3 = new S3Client({ ...cloud.client, requestChecksumCalculation: 'WHEN_REQUIRED' });
  await s3.send(new CreateBucketCommand({ Bucket }));
  await s3.send(new PutObjectCommand({ Bucket, Key: 'a result.vcf', Body: 'variants' }));
});

afterAll(async () => {
  expect(cloud.faults).toEqual([]);
  s3.destroy();
  await cloud.stop();
});

async function answer(
  url: string,
  init: RequestInit = {},
): Promise<{ status: number; code: string | undefined; text: string }> {
  const response = await fetch(url, init);
  const text = await response.text();
  return { status: response.status, code: /<Code>(.*?)<\/Code>/.exec(text)?.[1], text };
}

const getLink = (more: object = {}, expiresIn = 60) =>
  getSignedUrl(s3, new GetObjectCommand({ Bucket, Key: 'a result.vcf', ...more }), { expiresIn });
const putLink = (Key: string, more: object = {}) => getSignedUrl(s3, new PutObjectCommand({ Bucket, Key, ...more }));

describe('a presigned GET', () => {
  test('gives the object to who holds the link, with the file name the link says', async () => {
    const response = await fetch(
      await getLink({
        ResponseContentDisposition: 'attachment; filename="sample.annot.vcf"',
        ResponseContentType: 'text/plain',
        ResponseCacheControl: 'no-store',
      }),
    );
    expect(await response.text()).toBe('variants');
    expect(response.headers.get('content-disposition')).toBe('attachment; filename="sample.annot.vcf"');
    expect(response.headers.get('content-type')).toBe('text/plain');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('last-modified')).toBe('Mon, 01 Jan 2001 00:00:00 GMT');
  });

  test('goes on where a download broke off, if it is still the same object', async () => {
    const link = await getLink();
    const etag = (await fetch(link)).headers.get('etag') ?? '';
    const from = async (headers: Record<string, string>) => {
      const response = await fetch(link, { headers });
      return [response.status, await response.text()];
    };
    expect(await from({ range: 'bytes=4-', 'if-range': etag })).toEqual([206, 'ants']);
    expect(await from({ range: 'bytes=4-', 'if-range': '"other"' })).toEqual([200, 'variants']);
    expect(await from({ range: 'bytes=90-', 'if-range': '"other"' })).toEqual([200, 'variants']);
  });

  test('is no longer good when its time is over', async () => {
    const link = await getSignedUrl(s3, new GetObjectCommand({ Bucket, Key: 'a result.vcf' }), {
      expiresIn: 60,
      signingDate: new Date(Date.now() - 61_000),
    });
    const { status, text } = await answer(link);
    expect([status, text]).toEqual([403, expect.stringContaining('Request has expired')]);
  });

  test.each([
    ['another key', (link: string) => link.replace('a%20result.vcf', 'another.vcf')],
    ['another lifetime', (link: string) => link.replace('X-Amz-Expires=60', 'X-Amz-Expires=6000')],
    ['another file name', (link: string) => `${link}&response-content-disposition=x`],
  ])('cannot be turned into %s', async (_what, change) => {
    const { status, code } = await answer(change(await getLink()));
    expect([status, code]).toEqual([403, 'SignatureDoesNotMatch']);
  });

  test('allows GET only', async () => {
    const link = await getLink();
    expect((await answer(link, { method: 'DELETE' })).code).toBe('SignatureDoesNotMatch');
    expect((await answer(link, { method: 'PUT', body: 'x' })).code).toBe('SignatureDoesNotMatch');
  });
});

describe('a presigned PUT', () => {
  test('takes the body it is sent', async () => {
    expect((await fetch(await putLink('uploaded'), { method: 'PUT', body: 'from a browser' })).status).toBe(200);
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: 'uploaded' }));
    expect(await Body?.transformToString()).toBe('from a browser');
  });

  test('carries metadata in the link', async () => {
    const link = await putLink('described', { Metadata: { job: '7' } });
    expect(link).toContain('x-amz-meta-job=7');
    await fetch(link, { method: 'PUT', body: 'x' });
    const { Metadata } = await s3.send(new GetObjectCommand({ Bucket, Key: 'described' }));
    expect(Metadata).toEqual({ job: '7' });
  });

  test('does not let the bearer add headers of their own', async () => {
    const put = { method: 'PUT', body: 'x', headers: { 'x-amz-storage-class': 'GLACIER' } };
    const { status, code, text } = await answer(await putLink('sneaky'), put);
    expect([status, code]).toEqual([403, 'AccessDenied']);
    expect(text).toContain('x-amz-storage-class');
  });

  test('that carries the checksum of another body refuses this one', async () => {
    const checking = new S3Client(cloud.client);
    const link = await getSignedUrl(checking, new PutObjectCommand({ Bucket, Key: 'crc' }));
    expect(link).toContain('x-amz-checksum-crc32=AAAAAA');
    expect((await answer(link, { method: 'PUT', body: 'not empty' })).code).toBe('BadDigest');
    checking.destroy();
  });

  test('needs a length', async () => {
    const link = new URL(await putLink('unsized'));
    const status = await new Promise((resolve, reject) => {
      const put = request(link, { method: 'PUT', headers: { 'transfer-encoding': 'chunked' } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      put.on('error', reject);
      put.end('some bytes');
    });
    expect(status).toBe(411);
  });
});

describe('a request without a signature', () => {
  test.each([
    ['GET', '/'],
    ['GET', `/${Bucket}/a%20result.vcf`],
    ['HEAD', `/${Bucket}`],
    ['PUT', `/${Bucket}/x`],
    ['DELETE', `/${Bucket}/a%20result.vcf`],
    ['POST', `/${Bucket}?delete`],
  ])('%s %s is denied', async (method, path) => {
    const response = await fetch(cloud.url + path, { method });
    expect(response.status).toBe(403);
  });

  test.each([`/${Bucket}?delete`, `/${Bucket}/x?uploads`, `/${Bucket}/x`])(
    'that pretends to be a form is denied on %s',
    async (path) => {
      const form = new FormData();
      form.set('file', new Blob(['<Delete><Object><Key>a result.vcf</Key></Object></Delete>']));
      const { status } = await answer(cloud.url + path, { method: 'POST', body: form });
      expect(status).toBe(403);
    },
  );

  test('to another service is answered in its own words', async () => {
    const response = await fetch(cloud.url, {
      method: 'POST',
      headers: { 'x-amz-target': 'AmazonSQS.ListQueues', 'content-type': 'application/x-amz-json-1.0' },
      body: '{}',
    });
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('MissingAuthenticationToken');
  });
});
