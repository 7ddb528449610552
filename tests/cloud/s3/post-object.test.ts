/** Uploads of browser forms: what a policy allows is stored, everything else is refused before it is. */
import { CreateBucketCommand, GetObjectCommand, HeadObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { createPresignedPost, type PresignedPostOptions } from '@aws-sdk/s3-presigned-post';
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { startTestCloud, type TestCloud } from '../../support/cloud.ts';
import { failure } from './failure.ts';

const Bucket = 'inputs';
let cloud: TestCloud;
let s3: S3Client;

beforeAll(async () => {
  cloud = await startTestCloud();
  s3 = new S3Client(cloud.client);
  await s3.send(new CreateBucketCommand({ Bucket }));
});

afterAll(async () => {
  expect(cloud.faults).toEqual([]);
  s3.destroy();
  await cloud.stop();
});

interface Sent {
  /** Fields changed, added or (undefined) left out after the policy was signed. */
  fields?: Record<string, string | undefined>;
  file?: BlobPart;
  name?: string;
}

/** What the web does: sign a policy, then let a browser post the form. */
async function post(
  options: Partial<PresignedPostOptions>,
  { fields = {}, file = 'variants', name = 'my.vcf' }: Sent = {},
) {
  const signed = await createPresignedPost(s3, { Bucket, Key: 'u1/j1/${filename}', ...options });
  const form = new FormData();
  for (const [field, value] of Object.entries({ ...signed.fields, ...fields })) {
    if (value !== undefined) form.set(field, value);
  }
  form.set('file', new Blob([file]), name);
  const response = await fetch(signed.url, { method: 'POST', body: form, redirect: 'manual' });
  const text = await response.text();
  const code = /<Code>(.*?)<\/Code>/.exec(text)?.[1];
  return { status: response.status, headers: response.headers, text, code };
}

async function stored(Key: string): Promise<string | undefined> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
  return await Body?.transformToString();
}

describe('a form', () => {
  test('is stored under the name of its file', async () => {
    const { status, headers } = await post({});
    expect(status).toBe(204);
    expect(headers.get('etag')).toMatch(/^"[0-9a-f]{32}"$/);
    expect(await stored('u1/j1/my.vcf')).toBe('variants');
  });

  test.each([
    ['C:\\data\\sample.vcf', 'sample.vcf'],
    ['/home/me/sample.vcf', 'sample.vcf'],
    ['Probe ü & söhne.vcf.gz', 'Probe ü & söhne.vcf.gz'],
    ['..', '..'],
  ])('whose file is called %s is stored as %s', async (name, base) => {
    await post({ Key: 'names/_${filename}' }, { name });
    expect(await stored(`names/_${base}`)).toBe('variants');
  });

  test('may describe the object', async () => {
    const Fields = { 'Content-Type': 'text/x-vcf', 'x-amz-meta-job': '42', acl: 'private' };
    expect((await post({ Key: 'described', Fields })).status).toBe(204);
    const head = await s3.send(new HeadObjectCommand({ Bucket, Key: 'described' }));
    expect([head.ContentType, head.Metadata]).toEqual(['text/x-vcf', { job: '42' }]);
  });

  test('leads on to the page it names, telling what was stored', async () => {
    const success_action_redirect = 'http://127.0.0.1:8080/annotate?job=1';
    const { status, headers } = await post({ Fields: { success_action_redirect } });
    const to = new URL(headers.get('location') ?? '');
    expect(status).toBe(303);
    expect(to.origin + to.pathname).toBe('http://127.0.0.1:8080/annotate');
    expect(Object.fromEntries(to.searchParams)).toEqual({
      job: '1',
      bucket: Bucket,
      key: 'u1/j1/my.vcf',
      etag: headers.get('etag') ?? '',
    });
  });

  test.each([
    ['200', 200],
    ['201', 201],
    ['204', 204],
    ['500', 204],
  ])('that asks for status %s is answered %d', async (success_action_status, status) => {
    const answer = await post({ Fields: { success_action_status } });
    expect(answer.status).toBe(status);
    if (status === 201) expect(answer.text).toContain('<Key>u1/j1/my.vcf</Key>');
  });

  test('may be of 3 MB, and of nothing', async () => {
    const file = new Uint8Array(3_000_000).map((_, index) => index * 7);
    await post({ Key: 'large' }, { file });
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: 'large' }));
    expect(Buffer.from((await Body?.transformToByteArray()) ?? []).equals(Buffer.from(file))).toBe(true);
    await post({ Key: 'nothing' }, { file: '' });
    expect(await stored('nothing')).toBe('');
  });
});

describe('a policy refuses', () => {
  const Conditions: PresignedPostOptions['Conditions'] = [
    ['content-length-range', 3, 10],
    ['starts-with', '$key', 'u1/'],
  ];

  test.each<[string, Partial<PresignedPostOptions>, Sent, number, string]>([
    ['another key', {}, { fields: { key: 'u2/stolen' } }, 403, 'AccessDenied'],
    ['a file too large', { Conditions }, { file: 'x'.repeat(11) }, 400, 'EntityTooLarge'],
    ['a file too small', { Conditions }, { file: 'x' }, 400, 'EntityTooSmall'],
    ['a field it does not know', {}, { fields: { 'x-amz-meta-sneaky': '1' } }, 403, 'AccessDenied'],
    [
      'another redirect',
      { Fields: { success_action_redirect: 'http://a/' } },
      { fields: { success_action_redirect: 'http://b/' } },
      403,
      'AccessDenied',
    ],
    ['after its time', { Expires: -10 }, {}, 403, 'AccessDenied'],
    ['another signature', {}, { fields: { 'X-Amz-Signature': '0'.repeat(64) } }, 403, 'SignatureDoesNotMatch'],
    [
      'another policy',
      {},
      { fields: { Policy: btoa('{"expiration":"2999-01-01T00:00:00Z","conditions":[]}') } },
      403,
      'SignatureDoesNotMatch',
    ],
    [
      'an unknown key id',
      {},
      { fields: { 'X-Amz-Credential': 'NOBODY/20260101/us-east-1/s3/aws4_request', 'X-Amz-Date': '20260101T000000Z' } },
      403,
      'InvalidAccessKeyId',
    ],
    ['no policy', {}, { fields: { Policy: undefined } }, 403, 'AccessDenied'],
    ['no signature', {}, { fields: { 'X-Amz-Signature': undefined } }, 400, 'InvalidArgument'],
  ])('%s', async (_what, options, sent, status, code) => {
    const answer = await post({ Key: 'u1/refused', ...options }, sent);
    expect([answer.status, answer.code]).toEqual([status, code]);
    expect(await failure(s3.send(new HeadObjectCommand({ Bucket, Key: 'u1/refused' })))).toEqual(['NotFound', 404]);
  });

  test('what is far too large without storing it, and the browser still reads why', async () => {
    const answer = await post({ Key: 'u1/huge', Conditions }, { file: new Uint8Array(50_000_000) });
    expect([answer.status, answer.code]).toEqual([400, 'EntityTooLarge']);
    expect(answer.text).toContain('<MaxSizeAllowed>10</MaxSizeAllowed>');
  });

  test('but takes sizes at both of its ends', async () => {
    expect((await post({ Key: 'u1/3', Conditions }, { file: '123' })).status).toBe(204);
    expect((await post({ Key: 'u1/10', Conditions }, { file: '1234567890' })).status).toBe(204);
  });
});

describe('what is no such form', () => {
  test.each([
    ['without a file', '--b\r\nContent-Disposition: form-data; name="key"\r\n\r\nx\r\n--b--\r\n', 'InvalidArgument'],
    ['cut off', '--b\r\nContent-Disposition: form-data; name="file"; filename="x"\r\n\r\nvaria', 'AccessDenied'],
    ['without boundaries', 'hello', 'MalformedPOSTRequest'],
    [
      'with too much before the file',
      `--b\r\nContent-Disposition: form-data; name="key"\r\n\r\n${'x'.repeat(30_000)}\r\n--b--\r\n`,
      'MaxPostPreDataLengthExceededError',
    ],
  ])('%s is refused', async (_what, body, code) => {
    const response = await fetch(`${cloud.url}/${Bucket}`, {
      method: 'POST',
      headers: { 'content-type': 'multipart/form-data; boundary=b' },
      body,
    });
    expect(await response.text()).toContain(`<Code>${code}</Code>`);
  });

  test('leaves nothing when the browser goes away in the middle', async () => {
    const before = readdirSync(join(cloud.dataDir, 'bodies', 's3'));
    const { fields } = await createPresignedPost(s3, { Bucket, Key: 'broken' });
    const head = Object.entries(fields)
      .map(([name, value]) => `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`)
      .join('');
    const socket = connect(Number(new URL(cloud.url).port), '127.0.0.1');
    socket.write(
      `POST /${Bucket} HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 1000000\r\n\r\n${head}--b\r\nContent-Disposition: form-data; name="file"; filename="x"\r\n\r\n${'v'.repeat(5000)}`,
    );
    await Bun.sleep(100);
    socket.destroy();
    await Bun.sleep(100);
    expect(await failure(s3.send(new HeadObjectCommand({ Bucket, Key: 'broken' })))).toEqual(['NotFound', 404]);
    expect(readdirSync(join(cloud.dataDir, 'bodies', 's3'))).toEqual(before);
  });
});
