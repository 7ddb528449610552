/**
 * Signature Version 4, checked and never trusted: signed headers, presigned links, and the chain of signatures over
 * the chunks of a streamed body. What is hard is that the canonical request must be rebuilt byte for byte as the
 * client saw it: S3 signs the path encoded once, every other service encodes the already encoded path again.
 * Source: "Create a signed AWS API request", IAM User Guide; "Signature calculations", Amazon S3 API Reference.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { AwsError } from './errors.ts';
import { signatureErrors } from './signature-errors.ts';

/** Secret access keys by access key id. */
export type Credentials = Readonly<Record<string, string>>;

const ALGORITHM = 'AWS4-HMAC-SHA256';

/** How far the client's clock may be from ours, either way ("RequestTimeTooSkewed", S3 error codes). */
const SKEW_MS_MAX = 15 * 60_000;

/** X-Amz-Expires: one week at most (S3 API Reference, "Authenticating requests: using query parameters"). */
const PRESIGNED_SECONDS_MAX = 604_800;

/** The scope of a key: what a derived signing key is good for. */
export interface Scope {
  accessKeyId: string;
  /** `20260131`. */
  date: string;
  region: string;
  /** As in the scope: `s3`, `sqs`, `sns`, `dynamodb`, `glacier`, `states`. */
  service: string;
}

/** What a request claims; nothing of it is proven before `verify`. */
export interface Claim {
  scope: Scope;
  /** `20260131T235959Z`. */
  amzDate: string;
  signedHeaders: readonly string[];
  signature: string;
  /** A presigned link: how long it is good for. Absent: signed headers. */
  expiresSeconds?: number;
}

/** The parts of a request that are signed. */
export interface SignedParts {
  method: string;
  /** Still percent-encoded. */
  rawPath: string;
  query: URLSearchParams;
  headers: Headers;
}

/**
 * Reads the claim of a request: its Authorization header, or the X-Amz-* parameters of a presigned link.
 * Undefined: the request is not signed at all. Throws AwsError when it is malformed.
 */
export function readClaim({ query, headers }: SignedParts): Claim | undefined {
  const authorization = headers.get('authorization');
  if (authorization !== null) return readAuthorization(authorization, headers);
  if (query.has('X-Amz-Algorithm') || query.has('X-Amz-Signature')) return readPresigned(query);
  if (query.has('AWSAccessKeyId')) {
    throw malformed(
      'InvalidRequest',
      `The authorization mechanism you have provided is not supported. Please use ${ALGORITHM}.`,
    );
  }
  return undefined;
}

/**
 * Checks a claim: key, region, time, signature. `payload` is the hash of the body, or the word that stands for it.
 * Throws AwsError with the code the service of the claim uses.
 */
export function verify(
  claim: Claim,
  parts: SignedParts,
  payload: string,
  expected: { credentials: Credentials; region: string; nowMs: number },
): SigningKey {
  const { scope } = claim;
  const errors = signatureErrors(scope.service);
  const secret = Object.hasOwn(expected.credentials, scope.accessKeyId)
    ? expected.credentials[scope.accessKeyId]
    : undefined;
  if (secret === undefined) throw errors.unknownKey(scope.accessKeyId);
  if (parts.headers.has('x-amz-security-token') || parts.query.has('X-Amz-Security-Token')) throw errors.token();
  if (scope.region !== expected.region) throw errors.region(scope.region, expected.region);
  checkTime(claim, expected.nowMs);
  if (scope.service === 's3') checkAllSigned(claim, parts.headers);

  const canonicalRequest = canonical(claim, parts, payload);
  const key = new SigningKey(scope, secret);
  const stringToSign = [ALGORITHM, claim.amzDate, scopePath(scope), sha256(canonicalRequest)].join('\n');
  if (!key.signed(stringToSign, claim.signature)) throw errors.mismatch({ stringToSign, canonicalRequest });
  return key;
}

/** The key derived from a secret for one scope. */
export class SigningKey {
  readonly #key: Buffer;

  constructor(scope: Scope, secret: string) {
    this.#key = [scope.date, scope.region, scope.service, 'aws4_request'].reduce(
      (key: string | Buffer, part) => createHmac('sha256', key).update(part).digest(),
      `AWS4${secret}`,
    ) as Buffer;
  }

  /** Whether `signature` (hex) is the one of `text`. Takes the same time for every wrong one. */
  signed(text: string, signature: string): boolean {
    const right = createHmac('sha256', this.#key).update(text).digest();
    const given = Buffer.from(signature, 'hex');
    return given.length === right.length && timingSafeEqual(given, right);
  }
}

/** The chain of signatures over a streamed body: each covers the one before it. */
export class ChunkSignatures {
  #previous: string;

  constructor(
    private readonly claim: Claim,
    private readonly key: SigningKey,
  ) {
    this.#previous = claim.signature;
  }

  /** Checks the next chunk by the SHA-256 of its data. */
  checkChunk(dataSha256: string, signature: string): void {
    this.#check('AWS4-HMAC-SHA256-PAYLOAD', [sha256(''), dataSha256], signature);
  }

  /** Checks the trailer by the SHA-256 of its lines `name:value\n`. */
  checkTrailer(linesSha256: string, signature: string): void {
    this.#check('AWS4-HMAC-SHA256-TRAILER', [linesSha256], signature);
  }

  #check(kind: string, hashes: string[], signature: string): void {
    const { amzDate, scope } = this.claim;
    const stringToSign = [kind, amzDate, scopePath(scope), this.#previous, ...hashes].join('\n');
    if (!this.key.signed(stringToSign, signature)) throw signatureErrors(scope.service).mismatch({ stringToSign });
    this.#previous = signature;
  }
}

/** Reads `AKID/20260131/us-east-1/s3/aws4_request`. Undefined when it is something else. */
export function parseCredential(credential: string): Scope | undefined {
  const [, accessKeyId, date, region, service] =
    /^([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request$/.exec(credential) ?? [];
  if (!accessKeyId || !date || !region || !service) return undefined;
  return { accessKeyId, date, region, service };
}

/** Milliseconds since 1970 of `20260131T235959Z`; NaN when it is no such time. */
export function parseAmzDate(amzDate: string): number {
  return /^\d{8}T\d{6}Z$/.test(amzDate)
    ? Date.parse(amzDate.replace(/(....)(..)(..T..)(..)(..Z)/, '$1-$2-$3:$4:$5'))
    : Number.NaN;
}

function readAuthorization(authorization: string, headers: Headers): Claim {
  if (!authorization.startsWith(`${ALGORITHM} `)) {
    throw malformed(
      'InvalidRequest',
      `The authorization mechanism you have provided is not supported. Please use ${ALGORITHM}.`,
    );
  }
  const fields = new Map(
    authorization
      .slice(ALGORITHM.length)
      .split(',')
      .map((field) => field.trim().split(/=(.*)/s, 2) as [string, string]),
  );
  const scope = parseCredential(fields.get('Credential') ?? '');
  const signedHeaders = fields.get('SignedHeaders')?.split(';');
  const signature = fields.get('Signature');
  if (!scope || !signedHeaders || !signature) {
    throw malformed(
      'AuthorizationHeaderMalformed',
      'The authorization header is malformed; it needs Credential=<key>/<date>/<region>/<service>/aws4_request, SignedHeaders and Signature.',
    );
  }
  const amzDate = headers.get('x-amz-date') ?? httpDateAsAmzDate(headers.get('date'));
  return { scope, amzDate, signedHeaders, signature };
}

function readPresigned(query: URLSearchParams): Claim {
  const wrong = (sentence: string) => malformed('AuthorizationQueryParametersError', sentence);
  const scope = parseCredential(query.get('X-Amz-Credential') ?? '');
  const amzDate = query.get('X-Amz-Date');
  const signedHeaders = query.get('X-Amz-SignedHeaders')?.split(';');
  const signature = query.get('X-Amz-Signature');
  const expires = query.get('X-Amz-Expires');
  if (query.get('X-Amz-Algorithm') !== ALGORITHM) throw wrong(`X-Amz-Algorithm only supports "${ALGORITHM}".`);
  if (!scope || !amzDate || !signedHeaders || !signature || expires === null) {
    throw wrong(
      'Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.',
    );
  }
  const expiresSeconds = /^\d+$/.test(expires) ? Number(expires) : Number.NaN;
  if (!(expiresSeconds >= 1)) throw wrong('X-Amz-Expires must be a number of seconds, at least 1.');
  if (expiresSeconds > PRESIGNED_SECONDS_MAX) {
    throw wrong('X-Amz-Expires must be less than a week (in seconds) that is 604800.');
  }
  return { scope, amzDate, signedHeaders, signature, expiresSeconds };
}

function checkTime({ scope, amzDate, expiresSeconds }: Claim, nowMs: number): void {
  const errors = signatureErrors(scope.service);
  const signedMs = parseAmzDate(amzDate);
  if (Number.isNaN(signedMs) || !amzDate.startsWith(scope.date)) throw errors.date(amzDate);
  if (expiresSeconds === undefined) {
    if (Math.abs(nowMs - signedMs) > SKEW_MS_MAX) throw errors.skew(signedMs, nowMs, SKEW_MS_MAX);
    return;
  }
  if (signedMs - nowMs > SKEW_MS_MAX) throw errors.notYet(signedMs, nowMs);
  const endMs = signedMs + expiresSeconds * 1000;
  if (nowMs > endMs) throw errors.expired(expiresSeconds, endMs, nowMs);
}

/** S3 wants the host and every x-amz-* header under the signature, or anyone could add one to a presigned link. */
function checkAllSigned({ signedHeaders }: Claim, headers: Headers): void {
  const wanted = ['host', ...[...headers.keys()].filter((name) => name.startsWith('x-amz-'))];
  const unsigned = wanted.filter((name) => !signedHeaders.includes(name) && name !== 'x-amz-content-sha256');
  if (unsigned.length === 0) return;
  throw new AwsError('AccessDenied', 403, 'There were headers present in the request which were not signed', {
    HeadersNotSigned: unsigned.join(', '),
  });
}

function canonical(
  { scope, signedHeaders }: Claim,
  { method, rawPath, query, headers }: SignedParts,
  payload: string,
): string {
  return [
    method,
    scope.service === 's3' ? encodePath(decodePath(rawPath)) : encodePath(rawPath),
    canonicalQuery(query),
    ...signedHeaders.map((name) => `${name}:${(headers.get(name) ?? '').trim().replace(/ +/g, ' ')}`),
    '',
    signedHeaders.join(';'),
    payload,
  ].join('\n');
}

function canonicalQuery(query: URLSearchParams): string {
  return [...query]
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => [encodeUri(name), encodeUri(value)] as const)
    .sort(([name, value], [otherName, otherValue]) => byCodePoint(name, otherName) || byCodePoint(value, otherValue))
    .map((pair) => pair.join('='))
    .join('&');
}

function byCodePoint(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** A path freed of percent-encoding. Throws InvalidURI when it is not UTF-8 so encoded. */
export function decodePath(rawPath: string): string {
  try {
    return decodeURIComponent(rawPath);
  } catch {
    throw new AwsError('InvalidURI', 400, `Couldn't parse the specified URI ${rawPath}.`);
  }
}

/** Everything but unreserved characters as %XX ("UriEncode", IAM User Guide). */
export function encodeUri(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function encodePath(path: string): string {
  return path.split('/').map(encodeUri).join('/');
}

function scopePath({ date, region, service }: Scope): string {
  return `${date}/${region}/${service}/aws4_request`;
}

/** Clients may sign the Date header in place of X-Amz-Date. */
function httpDateAsAmzDate(httpDate: string | null): string {
  const ms = Date.parse(httpDate ?? '');
  return Number.isNaN(ms) ? '' : new Date(ms).toISOString().replace(/[-:]|\.\d+/g, '');
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function malformed(code: string, sentence: string): AwsError {
  return new AwsError(code, 400, sentence);
}
