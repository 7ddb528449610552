/** What every S3 operation works with: the request as S3 sees it, the state, the bodies, and what is answered. */
import type { Database } from 'bun:sqlite';
import type { AwsRequest, Parts } from '../service.ts';
import type { Credentials } from '../signature.ts';
import { xmlDocument, type XmlValue } from '../wire/xml.ts';
import type { Bodies } from './bodies.ts';
import type { Calendar } from './calendar.ts';
import type { Outbox } from './outbox.ts';

export interface S3 {
  parts: Parts;
  db: Database;
  bodies: Bodies;
  /** Events on their way to queues, topics and functions. */
  outbox: Outbox;
  /** Wakes S3 for what it does by itself. */
  calendar: Calendar;
  /** For the policies of browser forms, whose signature is in the form. */
  credentials: Credentials;
}

/** A request to S3. Headers hoisted into a presigned link (`x-amz-meta-…`, `x-amz-checksum-…`) are back among the headers. */
export interface S3Request extends AwsRequest {
  /** '' for requests to the service itself. */
  bucket: string;
  /** Decoded; '' for requests to a bucket. */
  key: string;
}

/** One operation, in a file of its name. */
export type Operation = (s3: S3, request: S3Request) => Response | Promise<Response>;

const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';

/** An answer in S3's XML. */
export function xmlResponse(root: string, value: XmlValue, headers: Record<string, string> = {}): Response {
  return new Response(xmlDocument(root, value, NAMESPACE), {
    headers: { 'content-type': 'application/xml', ...headers },
  });
}

/** An ETag as it is sent: in quotes. */
export function quoted(etag: string): string {
  return `"${etag}"`;
}

/** A time as S3 writes it in XML, in whole seconds as Last-Modified is. */
export function isoSeconds(ms: number): string {
  return new Date(Math.floor(ms / 1000) * 1000).toISOString();
}
