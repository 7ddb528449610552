/** Signature V4 against the worked examples of AWS's own documentation, and the ways it must fail. */
import { describe, expect, test } from 'bun:test';
import { AwsError } from '../../cloud/errors.ts';
import { ChunkSignatures, encodeUri, readClaim, verify, type SignedParts } from '../../cloud/signature.ts';

/** "Examples: Signature Calculations in AWS Signature Version 4", Amazon S3 API Reference. */
const ACCESS_KEY_ID = 'AKIAIOSFODNN7EXAMPLE';
const expected: Parameters<typeof verify>[3] = {
  credentials: { [ACCESS_KEY_ID]: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' },
  region: 'us-east-1',
  nowMs: Date.UTC(2013, 4, 24),
};
const EMPTY_SHA256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const CREDENTIAL = `${ACCESS_KEY_ID}/20130524/us-east-1/s3/aws4_request`;

interface Example {
  method: string;
  target: string;
  headers: Record<string, string>;
  signedHeaders: string;
  payload: string;
  signature: string;
}

const examples: Record<string, Example> = {
  'GET Object': {
    method: 'GET',
    target: '/test.txt',
    headers: { range: 'bytes=0-9', 'x-amz-content-sha256': EMPTY_SHA256 },
    signedHeaders: 'host;range;x-amz-content-sha256;x-amz-date',
    payload: EMPTY_SHA256,
    signature: 'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
  },
  'PUT Object': {
    method: 'PUT',
    target: '/test%24file.text',
    headers: {
      date: 'Fri, 24 May 2013 00:00:00 GMT',
      'x-amz-content-sha256': '44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072',
      'x-amz-storage-class': 'REDUCED_REDUNDANCY',
    },
    signedHeaders: 'date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class',
    payload: '44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072',
    signature: '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
  },
  'GET Bucket Lifecycle': {
    method: 'GET',
    target: '/?lifecycle',
    headers: { 'x-amz-content-sha256': EMPTY_SHA256 },
    signedHeaders: 'host;x-amz-content-sha256;x-amz-date',
    payload: EMPTY_SHA256,
    signature: 'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543',
  },
  'GET Bucket (List Objects)': {
    method: 'GET',
    target: '/?max-keys=2&prefix=J',
    headers: { 'x-amz-content-sha256': EMPTY_SHA256 },
    signedHeaders: 'host;x-amz-content-sha256;x-amz-date',
    payload: EMPTY_SHA256,
    signature: '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
  },
};

function partsOf({ method, target, headers, signedHeaders, signature }: Example): SignedParts {
  const [rawPath = '', query = ''] = target.split('?');
  return {
    method,
    rawPath,
    query: new URLSearchParams(query),
    headers: new Headers({
      ...headers,
      host: 'examplebucket.s3.amazonaws.com',
      'x-amz-date': '20130524T000000Z',
      authorization: `AWS4-HMAC-SHA256 Credential=${CREDENTIAL},SignedHeaders=${signedHeaders},Signature=${signature}`,
    }),
  };
}

/** Verifies, and says what came of it. */
function outcome(parts: SignedParts, payload: string, more: Partial<typeof expected> = {}): string {
  try {
    const claim = readClaim(parts);
    if (!claim) return 'unsigned';
    verify(claim, parts, payload, { ...expected, ...more });
    return 'right';
  } catch (error) {
    if (error instanceof AwsError) return error.code;
    throw error;
  }
}

describe("AWS's examples", () => {
  test.each(Object.keys(examples))('%s is verified', (name) => {
    const example = examples[name] as Example;
    expect(outcome(partsOf(example), example.payload)).toBe('right');
  });

  test('the presigned link is verified, and for a day', () => {
    const link = (nowMs: number) =>
      outcome(
        {
          method: 'GET',
          rawPath: '/test.txt',
          query: new URLSearchParams(
            `X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=${encodeUri(CREDENTIAL)}&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404`,
          ),
          headers: new Headers({ host: 'examplebucket.s3.amazonaws.com' }),
        },
        'UNSIGNED-PAYLOAD',
        { nowMs },
      );
    expect(link(expected.nowMs)).toBe('right');
    expect(link(expected.nowMs + 86_400_000)).toBe('right');
    expect(link(expected.nowMs + 86_401_000)).toBe('AccessDenied');
    expect(link(expected.nowMs - 14 * 60_000)).toBe('right');
    expect(link(expected.nowMs - 16 * 60_000)).toBe('AccessDenied');
  });

  test('the chunks of a streamed upload are verified one after the other', () => {
    const parts = partsOf({
      method: 'PUT',
      target: '/examplebucket/chunkObject.txt',
      headers: {
        'content-encoding': 'aws-chunked',
        'content-length': '66824',
        'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
        'x-amz-decoded-content-length': '66560',
        'x-amz-storage-class': 'REDUCED_REDUNDANCY',
      },
      signedHeaders:
        'content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class',
      payload: '',
      signature: '4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9',
    });
    parts.headers.set('host', 's3.amazonaws.com');
    const claim = readClaim(parts);
    if (!claim) throw new Error('There is a claim.');
    const chunks = new ChunkSignatures(claim, verify(claim, parts, 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD', expected));
    const sha256 = (text: string) => new Bun.CryptoHasher('sha256').update(text).digest('hex');
    chunks.checkChunk(sha256('a'.repeat(65_536)), 'ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648');
    chunks.checkChunk(sha256('a'.repeat(1024)), '0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497');
    chunks.checkChunk(sha256(''), 'b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9');
    const again = () =>
      chunks.checkChunk(sha256(''), 'b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9');
    expect(again).toThrow('does not match');
  });
});

describe('a signature is wrong', () => {
  const example = examples['GET Bucket (List Objects)'] as Example;
  const tampered: [string, Partial<SignedParts>][] = [
    ['method', { method: 'DELETE' }],
    ['path', { rawPath: '/other' }],
    ['query', { query: new URLSearchParams('max-keys=3&prefix=J') }],
    ['query by one more', { query: new URLSearchParams('max-keys=2&prefix=J&x') }],
  ];

  test.each(tampered)('when the %s was changed', (_what, change) => {
    expect(outcome({ ...partsOf(example), ...change }, example.payload)).toBe('SignatureDoesNotMatch');
  });

  test('when a signed header or the body was changed', () => {
    const parts = partsOf(examples['GET Object'] as Example);
    parts.headers.set('range', 'bytes=0-99');
    expect(outcome(parts, EMPTY_SHA256)).toBe('SignatureDoesNotMatch');
    expect(outcome(partsOf(example), 'UNSIGNED-PAYLOAD')).toBe('SignatureDoesNotMatch');
  });

  test('when the key is unknown or the secret is another', () => {
    expect(outcome(partsOf(example), example.payload, { credentials: {} })).toBe('InvalidAccessKeyId');
    expect(outcome(partsOf(example), example.payload, { credentials: { [ACCESS_KEY_ID]: 'other' } })).toBe(
      'SignatureDoesNotMatch',
    );
  });

  test('when the clocks are more than 15 minutes apart', () => {
    const at = (minutes: number) =>
      outcome(partsOf(example), example.payload, { nowMs: expected.nowMs + minutes * 60_000 });
    expect([-16, -15, 15, 16].map(at)).toEqual(['RequestTimeTooSkewed', 'right', 'right', 'RequestTimeTooSkewed']);
  });

  test('when the region is another', () => {
    expect(outcome(partsOf(example), example.payload, { region: 'eu-central-1' })).toBe('AuthorizationHeaderMalformed');
  });

  test('when an x-amz header was added without being signed', () => {
    const parts = partsOf(example);
    parts.headers.set('x-amz-acl', 'public-read');
    expect(outcome(parts, example.payload)).toBe('AccessDenied');
  });

  test('when a session token comes along, as no session was ever opened', () => {
    const parts = partsOf(example);
    parts.headers.set('x-amz-security-token', 'token');
    expect(outcome(parts, example.payload)).toBe('InvalidToken');
  });

  test.each([
    ['Basic dXNlcjpwYXNz', 'InvalidRequest'],
    ['AWS4-HMAC-SHA256 Credential=AKID, SignedHeaders=host, Signature=00', 'AuthorizationHeaderMalformed'],
    [`AWS4-HMAC-SHA256 Credential=${CREDENTIAL}`, 'AuthorizationHeaderMalformed'],
  ])('when it is malformed: %s', (authorization, code) => {
    const parts = partsOf(example);
    parts.headers.set('authorization', authorization);
    expect(outcome(parts, example.payload)).toBe(code);
  });

  test.each([
    ['AWSAccessKeyId=x&Signature=y&Expires=1', 'InvalidRequest'],
    ['X-Amz-Algorithm=AWS4-HMAC-SHA256', 'AuthorizationQueryParametersError'],
    [
      `X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=${CREDENTIAL}&X-Amz-Date=20130524T000000Z&X-Amz-Expires=604801&X-Amz-SignedHeaders=host&X-Amz-Signature=00`,
      'AuthorizationQueryParametersError',
    ],
  ])('when the link is malformed: %s', (query, code) => {
    const parts = { ...partsOf(example), query: new URLSearchParams(query), headers: new Headers() };
    expect(outcome(parts, 'UNSIGNED-PAYLOAD')).toBe(code);
  });
});
