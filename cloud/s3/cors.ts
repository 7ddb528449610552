/**
 * CORS: the rules of a bucket, the answer to a preflight, the headers on everything else a page from another origin
 * asks. Source: "Using cross-origin resource sharing", Amazon S3 User Guide; OPTIONS object, API Reference.
 */
import { AwsError } from '../errors.ts';
import { childrenNamed, childText, type XmlElement } from '../wire/xml-reader.ts';
import { configuration, configure, findBucket, removeConfiguration } from './buckets.ts';
import { malformedXml, readDocument } from './document.ts';
import { xmlResponse, type S3, type S3Request } from './s3.ts';

interface CorsRule {
  ID?: string;
  AllowedOrigin: string[];
  AllowedMethod: string[];
  AllowedHeader: string[];
  ExposeHeader: string[];
  MaxAgeSeconds?: number;
}

const METHODS = ['GET', 'PUT', 'HEAD', 'POST', 'DELETE'];
const RULES_MAX = 100;

export async function putBucketCors(s3: S3, request: S3Request): Promise<Response> {
  findBucket(s3, request.bucket);
  const document = await readDocument(request, 'CORSConfiguration');
  const rules = childrenNamed(document, 'CORSRule').map(readRule);
  if (rules.length === 0 || rules.length > RULES_MAX) throw malformedXml(`It must have 1 to ${RULES_MAX} rules.`);
  configure(s3, request.bucket, 'cors', rules);
  return new Response(null);
}

export function getBucketCors(s3: S3, { bucket }: S3Request): Response {
  findBucket(s3, bucket);
  const rules = rulesOf(s3, bucket);
  if (rules) return xmlResponse('CORSConfiguration', { CORSRule: rules.map((rule) => ({ ...rule })) });
  throw new AwsError('NoSuchCORSConfiguration', 404, 'The CORS configuration does not exist', { BucketName: bucket });
}

export function deleteBucketCors(s3: S3, { bucket }: S3Request): Response {
  findBucket(s3, bucket);
  removeConfiguration(s3, bucket, 'cors');
  return new Response(null, { status: 204 });
}

/** Answers a preflight (OPTIONS). Throws AccessForbidden when no rule allows what it asks. */
export function answerPreflight(s3: S3, { bucket, headers }: S3Request): Response {
  const origin = headers.get('origin');
  const method = headers.get('access-control-request-method');
  if (!origin || !method) {
    throw new AwsError(
      'BadRequest',
      400,
      'Insufficient information. Origin and Access-Control-Request-Method request headers needed.',
    );
  }
  findBucket(s3, bucket);
  const rules = rulesOf(s3, bucket);
  if (!rules) throw forbidden('CORS is not enabled for this bucket.');
  const asked = listOf(headers.get('access-control-request-headers'));
  const rule = rules.find((each) => allows(each, origin, method) && asked.every((name) => allowsHeader(each, name)));
  if (!rule) {
    throw forbidden(
      'This CORS request is not allowed. This is usually because the evalution of Origin, request method / Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the resource’s CORS spec.',
    );
  }
  const response = new Response(null, { headers: corsHeaders(rule, origin) });
  if (asked.length > 0) response.headers.set('access-control-allow-headers', asked.join(', '));
  return response;
}

/** Adds what the page needs to read an answer, when a rule of the bucket allows it. */
export function addCorsHeaders(
  s3: S3,
  { bucket, method, headers }: Pick<S3Request, 'bucket' | 'method' | 'headers'>,
  response: Response,
): Response {
  const origin = headers.get('origin');
  if (!origin || method === 'OPTIONS') return response;
  const rule = rulesOf(s3, bucket)?.find((each) => allows(each, origin, method));
  if (rule) for (const [name, value] of Object.entries(corsHeaders(rule, origin))) response.headers.set(name, value);
  return response;
}

function rulesOf(s3: S3, bucket: string): CorsRule[] | undefined {
  return configuration<CorsRule[]>(s3, bucket, 'cors');
}

function corsHeaders(rule: CorsRule, origin: string): Record<string, string> {
  const isAnyone = rule.AllowedOrigin.includes('*');
  return {
    'access-control-allow-origin': isAnyone ? '*' : origin,
    'access-control-allow-methods': rule.AllowedMethod.join(', '),
    ...(isAnyone ? {} : { 'access-control-allow-credentials': 'true' }),
    ...(rule.ExposeHeader.length > 0 ? { 'access-control-expose-headers': rule.ExposeHeader.join(', ') } : {}),
    ...(rule.MaxAgeSeconds === undefined ? {} : { 'access-control-max-age': String(rule.MaxAgeSeconds) }),
    vary: 'Origin, Access-Control-Request-Headers, Access-Control-Request-Method',
  };
}

function allows({ AllowedOrigin, AllowedMethod }: CorsRule, origin: string, method: string): boolean {
  return AllowedMethod.includes(method) && AllowedOrigin.some((pattern) => matches(pattern, origin));
}

function allowsHeader({ AllowedHeader }: CorsRule, name: string): boolean {
  return AllowedHeader.some((pattern) => matches(pattern.toLowerCase(), name));
}

/** A pattern with at most one `*`. */
function matches(pattern: string, text: string): boolean {
  const [start = '', end] = pattern.split('*', 2);
  if (end === undefined) return text === pattern;
  return text.length >= start.length + end.length && text.startsWith(start) && text.endsWith(end);
}

function readRule(element: XmlElement): CorsRule {
  const texts = (name: string) => childrenNamed(element, name).map(({ text }) => text);
  const id = childText(element, 'ID');
  const maxAge = childText(element, 'MaxAgeSeconds');
  const rule: CorsRule = {
    ...(id === undefined ? {} : { ID: id }),
    AllowedOrigin: texts('AllowedOrigin'),
    AllowedMethod: texts('AllowedMethod'),
    AllowedHeader: texts('AllowedHeader'),
    ExposeHeader: texts('ExposeHeader'),
    ...(maxAge === undefined ? {} : { MaxAgeSeconds: Number(maxAge) }),
  };
  if (rule.AllowedOrigin.length === 0 || rule.AllowedMethod.length === 0) {
    throw malformedXml('A CORSRule needs an AllowedOrigin and an AllowedMethod.');
  }
  if (rule.MaxAgeSeconds !== undefined && !Number.isInteger(rule.MaxAgeSeconds))
    throw malformedXml('MaxAgeSeconds must be a whole number.');
  const method = rule.AllowedMethod.find((each) => !METHODS.includes(each));
  if (method !== undefined) {
    throw new AwsError(
      'InvalidRequest',
      400,
      `Found unsupported HTTP method in CORS config. Unsupported method is ${method}`,
    );
  }
  const twice = [...rule.AllowedOrigin, ...rule.AllowedHeader].find((each) => each.split('*').length > 2);
  if (twice !== undefined) {
    throw new AwsError('InvalidRequest', 400, `${twice} can not have more than one wildcard.`);
  }
  return rule;
}

function listOf(header: string | null): string[] {
  return (header ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '');
}

function forbidden(sentence: string): AwsError {
  return new AwsError('AccessForbidden', 403, `CORSResponse: ${sentence}`);
}
