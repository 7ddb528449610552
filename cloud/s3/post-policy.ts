/**
 * The policy of a browser form: signed by someone who holds a key, it says until when which fields may be sent.
 * Source: "Creating a POST policy" and "Calculating a signature" (POST), Amazon S3 API Reference.
 */
import { AwsError } from '../errors.ts';
import { signatureErrors } from '../signature-errors.ts';
import { parseAmzDate, parseCredential, SigningKey, type Credentials } from '../signature.ts';

/** Form fields by name in lower case. */
export type FormFields = ReadonlyMap<string, string>;

/** How large the file may be, in bytes. */
export interface SizeLimits {
  min: number;
  max: number;
}

/** Fields that need no condition: the policy and its signature themselves, the file, and what is to be ignored. */
const UNCONDITIONED = /^(policy|x-amz-signature|file|x-ignore-.*)$/;

/** PutObject's limit goes for forms too: 5 GiB. */
const NO_LIMITS: SizeLimits = { min: 0, max: 5 * 1024 ** 3 };

/**
 * Checks a form against its policy: signature, time, every field. Returns how large the file may be.
 * Throws AwsError: AccessDenied, SignatureDoesNotMatch, InvalidAccessKeyId, InvalidPolicyDocument.
 */
export function checkPolicy(
  fields: FormFields,
  bucket: string,
  { credentials, region, nowMs }: { credentials: Credentials; region: string; nowMs: number },
): SizeLimits {
  const policy = fields.get('policy');
  if (policy === undefined) throw signatureErrors('s3').missing();
  checkSignature(fields, policy, credentials, region);
  const { expirationMs, conditions } = readPolicy(policy);
  if (nowMs > expirationMs) throw denied('Policy expired.');

  const said = new Map([...fields, ['bucket', bucket]]);
  const conditioned = new Set<string>();
  const limits = { ...NO_LIMITS };
  for (const condition of conditions) {
    if (condition.kind === 'content-length-range') {
      limits.min = Math.max(limits.min, condition.min);
      limits.max = Math.min(limits.max, condition.max);
      continue;
    }
    const value = said.get(condition.field) ?? '';
    const holds = condition.kind === 'eq' ? value === condition.value : startsWith(condition, value);
    if (!holds)
      throw denied(
        `Policy Condition failed: ${JSON.stringify([condition.kind, `$${condition.field}`, condition.value])}`,
      );
    conditioned.add(condition.field);
  }
  const extra = [...fields.keys()].filter((name) => !conditioned.has(name) && !UNCONDITIONED.test(name));
  if (extra.length > 0) throw denied(`Extra input fields: ${extra.join(', ')}`);
  return limits;
}

/** The string to sign is the policy as it came, in base64. */
function checkSignature(fields: FormFields, policy: string, credentials: Credentials, region: string): void {
  const errors = signatureErrors('s3');
  const field = (name: string) => {
    const value = fields.get(name);
    if (value !== undefined) return value;
    throw new AwsError('InvalidArgument', 400, `Bucket POST must contain a field named '${name}'.`, {
      ArgumentName: name,
    });
  };
  if (field('x-amz-algorithm') !== 'AWS4-HMAC-SHA256') {
    throw new AwsError('InvalidArgument', 400, 'X-Amz-Algorithm only supports "AWS4-HMAC-SHA256"', {
      ArgumentName: 'x-amz-algorithm',
    });
  }
  const scope = parseCredential(field('x-amz-credential'));
  if (!scope || scope.service !== 's3') {
    throw new AwsError(
      'AuthorizationQueryParametersError',
      400,
      'Error parsing the X-Amz-Credential parameter; the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/s3/aws4_request".',
    );
  }
  const amzDate = field('x-amz-date');
  if (Number.isNaN(parseAmzDate(amzDate)) || !amzDate.startsWith(scope.date)) throw errors.date(amzDate);
  const secret = Object.hasOwn(credentials, scope.accessKeyId) ? credentials[scope.accessKeyId] : undefined;
  if (secret === undefined) throw errors.unknownKey(scope.accessKeyId);
  if (scope.region !== region) throw errors.region(scope.region, region);
  if (!new SigningKey(scope, secret).signed(policy, field('x-amz-signature')))
    throw errors.mismatch({ stringToSign: policy });
}

type Condition =
  | { kind: 'eq' | 'starts-with'; field: string; value: string }
  | { kind: 'content-length-range'; min: number; max: number };

function readPolicy(policy: string): { expirationMs: number; conditions: Condition[] } {
  let document: unknown;
  try {
    document = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(policy, 'base64')));
  } catch {
    throw invalidPolicy('Invalid JSON.');
  }
  const { expiration, conditions } = (document ?? {}) as { expiration?: unknown; conditions?: unknown };
  const expirationMs = typeof expiration === 'string' ? Date.parse(expiration) : Number.NaN;
  if (Number.isNaN(expirationMs)) throw invalidPolicy('Policy missing expiration.');
  if (!Array.isArray(conditions)) throw invalidPolicy('Policy missing conditions.');
  return { expirationMs, conditions: conditions.flatMap(readCondition) };
}

/** `{"acl": "private"}`, `["eq", "$key", "x"]`, `["starts-with", "$key", "x"]` or `["content-length-range", 0, 9]`. */
function readCondition(condition: unknown): Condition[] {
  if (Array.isArray(condition)) {
    const [operator, first, second] = condition as unknown[];
    const kind = typeof operator === 'string' ? operator.toLowerCase() : '';
    if (kind === 'content-length-range' && condition.length === 3) {
      const [min, max] = [Number(first), Number(second)];
      if (Number.isInteger(min) && Number.isInteger(max)) return [{ kind, min, max }];
    }
    if (
      (kind === 'eq' || kind === 'starts-with') &&
      typeof first === 'string' &&
      first.startsWith('$') &&
      typeof second === 'string'
    ) {
      return [{ kind, field: first.slice(1).toLowerCase(), value: second }];
    }
  } else if (typeof condition === 'object' && condition !== null) {
    const entries = Object.entries(condition);
    if (entries.every(([, value]) => typeof value === 'string')) {
      return entries.map(([field, value]) => ({ kind: 'eq', field: field.toLowerCase(), value: value as string }));
    }
  }
  throw invalidPolicy(`Invalid condition: ${JSON.stringify(condition)}.`);
}

/** A list of content types must begin so in every item ("Condition matching"). */
function startsWith({ field, value: prefix }: { field: string; value: string }, value: string): boolean {
  const values = field === 'content-type' ? value.split(',').map((each) => each.trim()) : [value];
  return values.every((each) => each.startsWith(prefix));
}

function denied(reason: string): AwsError {
  return new AwsError('AccessDenied', 403, `Invalid according to Policy: ${reason}`);
}

function invalidPolicy(reason: string): AwsError {
  return new AwsError('InvalidPolicyDocument', 400, `Invalid Policy: ${reason}`);
}
