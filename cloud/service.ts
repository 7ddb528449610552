/**
 * The seam inside the embedded cloud: what the server hands to a service after the border (signature checked,
 * service known), and what services may ask of each other. Only the server knows HTTP listening; only services
 * know their protocol.
 */
import type { Clock } from './clock.ts';
import type { Store } from './store.ts';

/** Every resource of the embedded cloud belongs to this account and region. */
export const ACCOUNT_ID = '000000000000';

/** One request, authenticated: its signature was right, or it carries none (`accessKeyId` is then undefined). */
export interface AwsRequest {
  /** Who signed. Undefined: nobody; only S3's preflights and forms and SNS's confirmations get this far without. */
  accessKeyId: string | undefined;
  method: string;
  /** The path as sent, still percent-encoded, e.g. `/bucket/a%20b`. */
  rawPath: string;
  query: URLSearchParams;
  headers: Headers;
  /** The body, already freed of `aws-chunked` framing, its checksums verified by the reader when it ends. */
  body: ReadableStream<Uint8Array>;
  /** Headers that came after an `aws-chunked` body; complete once `body` has ended. */
  trailers: Headers;
  /** Aborted when the client hangs up or the cloud stops; long polls end with it. */
  signal: AbortSignal;
  requestId: string;
}

/** One AWS service. Throwing an AwsError answers it in the service's own error shape. */
export interface Service {
  handle(request: AwsRequest): Promise<Response>;
  /** Writes an error the way this service's protocol does. */
  error(error: unknown, request: AwsRequest): Response;
  /** Re-makes timers from the database. Called once, when all services exist. */
  start(): void;
  stop(): void;
}

/** Attributes of a message of SQS or SNS, by name. `BinaryValue` is base64. */
export type MessageAttributes = Record<string, { DataType: string; StringValue?: string; BinaryValue?: string }>;

/** What one service may ask of another inside the cloud, without HTTP: a delivery, never a question. */
export interface Bus {
  /** SQS: puts a message on a queue by ARN; returns its MessageId. Throws AwsError when there is no such queue. */
  sendToQueue(queueArn: string, body: string, attributes?: MessageAttributes, delaySeconds?: number): string;
  /** SNS: publishes to a topic by ARN; returns the MessageId once every subscription has been recorded for delivery. */
  publish(topicArn: string, message: string, subject?: string, attributes?: MessageAttributes): string;
  /** Lambda: runs a function the program was handed, by ARN. */
  invoke(functionArn: string, event: unknown): Promise<unknown>;
}

/** A function the embedded cloud can run, as Lambda would: the event in, the answer out. */
export type LambdaHandler = (event: unknown) => Promise<unknown>;

/** What every service is built from. */
export interface Parts {
  store: Store;
  clock: Clock;
  bus: Bus;
  region: string;
  /** The address clients use, e.g. `http://127.0.0.1:4566`; for queue URLs and links. */
  url: () => string;
  settings: CloudSettings;
  /** Writes a line about a fault that no client will hear of. */
  report: (message: string, cause: unknown) => void;
}

/** Configuration of the simulated world. */
export interface CloudSettings {
  /** How long a Glacier retrieval or inventory takes, in ms, by tier. */
  retrievalMs: { Expedited: number; Standard: number; Bulk: number };
  /** Whether Expedited retrievals answer InsufficientCapacityException. */
  expeditedCapacity: () => boolean;
}
