/** Signature V4 for S3 by hand, for requests no SDK would send. Written from the documentation, not from our verifier. */
import { createHash, createHmac } from 'node:crypto';
import type { TestCloud } from '../../support/cloud.ts';

const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();

export interface Signed {
  headers: Record<string, string>;
  /** Signs a further string with the same key: the chunks of a streamed body. */
  sign(...lines: string[]): string;
  /** The signature of the request, which the first chunk goes on from. */
  signature: string;
  amzDate: string;
  scope: string;
}

/** Signs a request for `path` (needing no encoding); `payload` is what x-amz-content-sha256 says. */
export function signS3(
  { url, credentials, client }: Pick<TestCloud, 'url' | 'credentials' | 'client'>,
  method: string,
  path: string,
  payload: string,
  more: Record<string, string> = {},
): Signed {
  const amzDate = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  const headers: Record<string, string> = {
    host: new URL(url).host,
    'x-amz-content-sha256': payload,
    'x-amz-date': amzDate,
    ...more,
  };
  const names = Object.keys(headers).sort();
  const scope = `${amzDate.slice(0, 8)}/${client.region}/s3/aws4_request`;
  const key = scope
    .split('/')
    .reduce((before: string | Buffer, part) => hmac(before, part), `AWS4${credentials.secretAccessKey}`);
  const sign = (...lines: string[]) => hmac(key as Buffer, lines.join('\n')).toString('hex');
  const canonical = [
    method,
    path,
    '',
    ...names.map((name) => `${name}:${headers[name]}`),
    '',
    names.join(';'),
    payload,
  ];
  const hash = createHash('sha256').update(canonical.join('\n')).digest('hex');
  const signature = sign('AWS4-HMAC-SHA256', amzDate, scope, hash);
  const authorization = `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature}`;
  return { headers: { ...headers, authorization }, sign, signature, amzDate, scope };
}
