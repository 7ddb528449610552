/**
 * What each service answers when a signature is not right. The same fault has four names: S3's, the query
 * protocol's (SNS, and SQS after it), the JSON services' and Glacier's.
 */
import { AwsError } from './errors.ts';

/** The four ways to say it. */
const CODES = {
  s3: {
    unknownKey: 'InvalidAccessKeyId',
    mismatch: 'SignatureDoesNotMatch',
    skew: 'RequestTimeTooSkewed',
    status: 403,
  },
  query: {
    unknownKey: 'InvalidClientTokenId',
    mismatch: 'SignatureDoesNotMatch',
    skew: 'SignatureDoesNotMatch',
    status: 403,
  },
  json: {
    unknownKey: 'UnrecognizedClientException',
    mismatch: 'InvalidSignatureException',
    skew: 'InvalidSignatureException',
    status: 400,
  },
  rest: {
    unknownKey: 'UnrecognizedClientException',
    mismatch: 'InvalidSignatureException',
    skew: 'InvalidSignatureException',
    status: 403,
  },
} as const;

/** Services by name; what is not named speaks as JSON services do. */
const FAMILIES: Record<string, keyof typeof CODES> = { s3: 's3', sns: 'query', sqs: 'query', glacier: 'rest' };

/** The errors of one service. */
export function signatureErrors(service: string) {
  const family = FAMILIES[service] ?? 'json';
  const codes = CODES[family];
  const isS3 = family === 's3';
  const refuse = (code: string, message: string, details: Record<string, string> = {}) =>
    new AwsError(code, codes.status, message, isS3 ? details : {});

  return {
    unknownKey: (accessKeyId: string) =>
      isS3
        ? refuse(codes.unknownKey, 'The AWS Access Key Id you provided does not exist in our records.', {
            AWSAccessKeyId: accessKeyId,
          })
        : refuse(codes.unknownKey, 'The security token included in the request is invalid.'),

    /** Session tokens: this cloud gives none out, so each one shown is wrong. */
    token: () =>
      isS3
        ? new AwsError('InvalidToken', 400, 'The provided token is malformed or otherwise invalid.')
        : refuse(codes.unknownKey, 'The security token included in the request is invalid.'),

    region: (region: string, expected: string) =>
      isS3
        ? new AwsError(
            'AuthorizationHeaderMalformed',
            400,
            `The authorization header is malformed; the region '${region}' is wrong; expecting '${expected}'`,
            { Region: expected },
          )
        : refuse(
            codes.mismatch,
            `Credential should be scoped to a valid region, not '${region}'; expecting '${expected}'.`,
          ),

    date: (amzDate: string) =>
      isS3
        ? refuse('AccessDenied', 'AWS authentication requires a valid Date or x-amz-date header')
        : refuse(
            codes.mismatch,
            `Date in the request must be ISO-8601 basic format and that of the credential scope. Got '${amzDate}'.`,
          ),

    skew: (signedMs: number, nowMs: number, skewMsMax: number) =>
      isS3
        ? refuse(codes.skew, 'The difference between the request time and the current time is too large.', {
            RequestTime: iso(signedMs),
            ServerTime: iso(nowMs),
            MaxAllowedSkewMilliseconds: String(skewMsMax),
          })
        : refuse(
            codes.skew,
            signedMs < nowMs
              ? `Signature expired: ${iso(signedMs)} is now earlier than ${iso(nowMs - skewMsMax)}`
              : `Signature not yet current: ${iso(signedMs)} is still later than ${iso(nowMs + skewMsMax)}`,
          ),

    notYet: (signedMs: number, nowMs: number) =>
      refuse(isS3 ? 'AccessDenied' : codes.skew, 'Request is not valid yet', {
        'X-Amz-Date': iso(signedMs),
        ServerTime: iso(nowMs),
      }),

    expired: (expiresSeconds: number, endMs: number, nowMs: number) =>
      refuse(isS3 ? 'AccessDenied' : codes.skew, 'Request has expired', {
        'X-Amz-Expires': String(expiresSeconds),
        Expires: iso(endMs),
        ServerTime: iso(nowMs),
      }),

    mismatch: (compared: { stringToSign: string; canonicalRequest?: string }) =>
      refuse(
        codes.mismatch,
        'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
        {
          StringToSign: compared.stringToSign,
          ...(compared.canonicalRequest === undefined ? {} : { CanonicalRequest: compared.canonicalRequest }),
        },
      ),

    missing: () =>
      isS3
        ? refuse('AccessDenied', 'Access Denied')
        : refuse(
            family === 'query' ? 'MissingAuthenticationToken' : 'MissingAuthenticationTokenException',
            'Missing Authentication Token',
          ),
  };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
