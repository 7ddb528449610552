/** CORS: what a page of another origin may do is what the bucket's rules say. */
import {
  CreateBucketCommand,
  DeleteBucketCorsCommand,
  GetBucketCorsCommand,
  GetObjectCommand,
  PutBucketCorsCommand,
  PutObjectCommand,
  S3Client,
  type CORSRule,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { startTestCloud, type TestCloud } from '../../support/cloud.ts';
import { failure } from './failure.ts';

const Bucket = 'cors';
const rules: CORSRule[] = [
  {
    ID: 'web',
    AllowedOrigins: ['http://127.0.0.1:8080', 'https://*.example.org'],
    AllowedMethods: ['POST', 'GET'],
    AllowedHeaders: ['content-type', 'x-amz-*'],
    ExposeHeaders: ['ETag'],
    MaxAgeSeconds: 600,
  },
  { AllowedOrigins: ['*'], AllowedMethods: ['HEAD'], AllowedHeaders: [] },
];
let cloud: TestCloud;
let s3: S3Client;

beforeAll(async () => {
  cloud = await startTestCloud();
  s3 = new S3Client(cloud.client);
  await s3.send(new CreateBucketCommand({ Bucket }));
  await s3.send(new CreateBucketCommand({ Bucket: 'closed' }));
  await s3.send(new PutBucketCorsCommand({ Bucket, CORSConfiguration: { CORSRules: rules } }));
});

afterAll(async () => {
  s3.destroy();
  await cloud.stop();
});

const preflight = (origin: string, method: string, headers = '', bucket = Bucket) =>
  fetch(`${cloud.url}/${bucket}/some/key`, {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': method,
      ...(headers ? { 'access-control-request-headers': headers } : {}),
    },
  });

test('rules are given back as they were put', async () => {
  expect((await s3.send(new GetBucketCorsCommand({ Bucket }))).CORSRules).toEqual([
    rules[0] as CORSRule,
    { AllowedOrigins: ['*'], AllowedMethods: ['HEAD'] },
  ]);
});

describe('a preflight', () => {
  test.each([
    ['http://127.0.0.1:8080', 'POST', '', true],
    ['http://127.0.0.1:8080', 'POST', 'Content-Type, x-amz-meta-job', true],
    ['https://gas.example.org', 'GET', '', true],
    ['https://example.org', 'GET', '', false],
    ['http://127.0.0.1:8081', 'POST', '', false],
    ['http://127.0.0.1:8080', 'DELETE', '', false],
    ['http://127.0.0.1:8080', 'POST', 'authorization', false],
    ['http://anyone', 'HEAD', '', true],
    ['http://anyone', 'HEAD', 'content-type', false],
  ])('from %s for %s with [%s] is allowed: %p', async (origin, method, headers, allowed) => {
    const response = await preflight(origin, method, headers);
    expect(response.status).toBe(allowed ? 200 : 403);
    if (!allowed) return;
    expect(response.headers.get('access-control-allow-origin')).toBe(method === 'HEAD' ? '*' : origin);
    expect(response.headers.get('access-control-allow-methods')).toContain(method);
    expect(response.headers.get('access-control-allow-headers')).toBe(headers ? headers.toLowerCase() : null);
  });

  test('says for how long it holds', async () => {
    const response = await preflight('http://127.0.0.1:8080', 'POST');
    expect(response.headers.get('access-control-max-age')).toBe('600');
  });

  test('of a bucket without rules is refused', async () => {
    expect((await preflight('http://127.0.0.1:8080', 'GET', '', 'closed')).status).toBe(403);
  });
});

describe('an answer to a page of another origin', () => {
  test('may be read when a rule allows it, errors too', async () => {
    await s3.send(new PutObjectCommand({ Bucket, Key: 'x', Body: 'x' }));
    for (const Key of ['x', 'missing']) {
      const link = await getSignedUrl(s3, new GetObjectCommand({ Bucket, Key }));
      const allowed = await fetch(link, { headers: { origin: 'https://gas.example.org' } });
      expect(allowed.headers.get('access-control-allow-origin')).toBe('https://gas.example.org');
      expect(allowed.headers.get('access-control-expose-headers')).toBe('ETag');
      const other = await fetch(link, { headers: { origin: 'https://other.org' } });
      expect(other.headers.get('access-control-allow-origin')).toBeNull();
    }
  });
});

test('rules that make no sense are refused', async () => {
  const put = (rule: CORSRule) =>
    failure(s3.send(new PutBucketCorsCommand({ Bucket, CORSConfiguration: { CORSRules: [rule] } })));
  expect(await put({ AllowedOrigins: ['*'], AllowedMethods: ['FETCH'] })).toEqual(['InvalidRequest', 400]);
  expect(await put({ AllowedOrigins: ['*.a.*'], AllowedMethods: ['GET'] })).toEqual(['InvalidRequest', 400]);
  expect(await put({ AllowedOrigins: [], AllowedMethods: ['GET'] })).toEqual(['MalformedXML', 400]);
});

test('rules can be deleted', async () => {
  await s3.send(new DeleteBucketCorsCommand({ Bucket }));
  expect(await failure(s3.send(new GetBucketCorsCommand({ Bucket })))).toEqual(['NoSuchCORSConfiguration', 404]);
});
