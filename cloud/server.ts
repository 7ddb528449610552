/**
 * The embedded cloud's one listener. The service is read from the credential scope of the signature, which is checked
 * here; what the operation is, each service reads from its own protocol. What is hard is the change from one process to
 * the next: requests in flight end first, so that nothing writes to a closed database, and whoever asks meanwhile waits.
 */
import { systemClock, type Clock } from './clock.ts';
import { createDynamoDb } from './dynamodb/index.ts';
import { AwsError } from './errors.ts';
import { createGlacier } from './glacier/index.ts';
import { createLambda } from './lambda/index.ts';
import { lockFolder, waitForFolder } from './lock.ts';
import { createS3 } from './s3/index.ts';
import type { AwsRequest, Bus, CloudSettings, LambdaHandler, Parts, Service } from './service.ts';
import { signatureErrors } from './signature-errors.ts';
import { readClaim, verify, type Claim, type Credentials } from './signature.ts';
import { createSns } from './sns/index.ts';
import { createSqs } from './sqs/index.ts';
import { createStepFunctions } from './stepfunctions/index.ts';
import { openStore } from './store.ts';
import { emptyStream, holdBody, openBody } from './wire/body.ts';

export interface CloudOptions {
  /** The folder that holds everything; made if missing. One cloud at a time has it. */
  dataDir: string;
  /** 0, the default, takes any free port. */
  port?: number;
  /** Default `us-east-1`. */
  region?: string;
  /** Secret access keys by access key id: who may sign requests. */
  credentials: Credentials;
  /** Time for everything but signatures, whose time is always the real one. Default: the system's. */
  clock?: Clock;
  /** What Lambda runs, by function name. */
  functions?: Readonly<Record<string, LambdaHandler>>;
  settings?: Partial<CloudSettings>;
  /** Told of faults that no client hears the cause of. Default: standard error. */
  report?: (message: string, cause: unknown) => void;
  /** Takes port and folder over from a cloud that has them, as soon as it stops. Default: two clouds are a mistake. */
  takeOver?: TakeOver;
}

export interface TakeOver {
  /** Called when another cloud has the folder, and requests already come here, where they wait. */
  onWaiting: () => void;
  /** Ends the waiting. */
  signal: AbortSignal;
}

export interface Cloud {
  /** E.g. `http://127.0.0.1:4566`, for `AWS_ENDPOINT_URL`. */
  url: string;
  /**
   * For this process itself: at `url` it may meet the one that is to follow it, which answers only when it is gone, so
   * that both would wait for ever.
   */
  ownUrl: string;
  port: number;
  /** Lets requests in flight end (long polls are cut short), then closes the store. */
  stop(): Promise<void>;
}

/** How long a stop waits for answers to be read to their end, e.g. downloads. */
const FAREWELL_MS = 1000;

const HOUR_MS = 3_600_000;

/** The usual times of Glacier ("Archive retrieval options", Amazon S3 Glacier Developer Guide). */
const DEFAULT_SETTINGS: CloudSettings = {
  retrievalMs: { Expedited: HOUR_MS / 20, Standard: 4 * HOUR_MS, Bulk: 8 * HOUR_MS },
  expeditedCapacity: () => true,
};

/** What answers a request; `signal` is aborted when the cloud stops or the client hangs up. */
type Answer = (request: Request, signal: AbortSignal) => Promise<Response>;

/**
 * Starts the cloud on 127.0.0.1. Everything it knew in `dataDir` is there again, timers included. Throws when the port
 * is taken, or another cloud has the folder, unless it shall take over.
 */
export async function startCloud(options: CloudOptions): Promise<Cloud> {
  const { dataDir, takeOver, credentials } = options;
  const opened = Promise.withResolvers<Answer>();
  const listener = listen(options, opened.promise);
  using held = new DisposableStack();
  try {
    held.defer(takeOver ? await waitForFolder(dataDir, takeOver) : lockFolder(dataDir));
    const store = openStore(dataDir);
    held.defer(() => store.close());
    const region = options.region ?? 'us-east-1';
    const report = options.report ?? ((message, cause) => console.error(message, cause));
    const world = {
      store,
      clock: options.clock ?? systemClock,
      region,
      url: () => listener.url,
      settings: { ...DEFAULT_SETTINGS, ...options.settings },
      report,
    };
    const services = createServices(world, options);
    for (const service of Object.values(services)) service.start();
    opened.resolve((request, signal) => answer(request, signal, services, { credentials, region, report }));
    const release = held.move();
    return {
      url: listener.url,
      ownUrl: listener.ownUrl,
      port: listener.port,
      async stop() {
        await listener.stop();
        for (const service of Object.values(services)) service.stop();
        release.dispose();
      },
    };
  } catch (error) {
    opened.reject(error);
    await listener.stop();
    throw error;
  }
}

/** Takes requests from now on; they are answered when the folder is `opened`. */
function listen({ port: wanted = 0, takeOver }: CloudOptions, opened: Promise<Answer>) {
  const inFlight = new Set<{ end: AbortController; answered: Promise<unknown> }>();
  // A cloud that never opens has been told so by `startCloud`.
  opened.catch(() => undefined);
  const serving = {
    hostname: '127.0.0.1',
    // Uploads are streamed to disk and may be of any size; long polls and slow readers are silent for long.
    maxRequestBodySize: Number.MAX_SAFE_INTEGER,
    idleTimeout: 0,
    fetch(request: Request) {
      const end = new AbortController();
      request.signal.addEventListener('abort', () => end.abort(request.signal.reason), { once: true });
      const answered = opened.then((handle) => handle(request, end.signal));
      const entry = { end, answered };
      inFlight.add(entry);
      return answered.finally(() => inFlight.delete(entry));
    },
  };
  const server = Bun.serve({ ...serving, port: wanted, reusePort: takeOver !== undefined });
  const own = takeOver ? Bun.serve({ ...serving, port: 0 }) : server;
  const port = server.port ?? 0;
  return {
    url: `http://127.0.0.1:${port}`,
    ownUrl: `http://127.0.0.1:${own.port}`,
    port,
    async stop() {
      for (const { end } of inFlight) end.abort(new Error('The cloud stops.'));
      const answersSent = server.stop();
      await Promise.allSettled([...inFlight].map(({ answered }) => answered));
      await Promise.race([answersSent, Bun.sleep(FAREWELL_MS)]);
      await Promise.all([server.stop(true), own.stop(true)]);
    },
  };
}

/** Services by the name they have in a credential scope. */
type Services = Readonly<Record<string, Service>> & { readonly s3: Service };

function createServices(world: Omit<Parts, 'bus'>, { credentials, functions = {} }: CloudOptions): Services {
  const bus: Bus = {
    sendToQueue: (...message) => sqs.sendToQueue(...message),
    publish: (...message) => sns.publish(...message),
    invoke: (functionArn, event) => lambda.invoke(functionArn, event),
  };
  const parts: Parts = { ...world, bus };
  const lambda = createLambda(parts, functions);
  const sqs = createSqs(parts);
  const sns = createSns(parts);
  return {
    dynamodb: createDynamoDb(parts),
    glacier: createGlacier(parts),
    lambda,
    s3: createS3(parts, credentials),
    sns,
    sqs,
    states: createStepFunctions(parts),
  };
}

interface Gate {
  credentials: Credentials;
  region: string;
  report: (message: string, cause: unknown) => void;
}

/** One request from the border to its answer. Never throws. */
async function answer(request: Request, signal: AbortSignal, services: Services, gate: Gate): Promise<Response> {
  const url = request.url;
  const path = url.slice(url.indexOf('/', url.indexOf('://') + 3));
  const queryStart = path.indexOf('?');
  const asked: AwsRequest = {
    accessKeyId: undefined,
    method: request.method,
    rawPath: queryStart < 0 ? path : path.slice(0, queryStart),
    query: new URLSearchParams(queryStart < 0 ? '' : path.slice(queryStart + 1)),
    headers: request.headers,
    body: request.body ?? emptyStream(),
    trailers: new Headers(),
    signal,
    requestId: crypto.randomUUID(),
  };
  let service = services.s3;
  try {
    const claim = readClaim(asked);
    const name = claim ? claim.scope.service : anonymousService(asked);
    service = services[name] ?? unknownService(name);
    const admitted = claim ? await admit(request, asked, claim, gate) : asked;
    return await service.handle(admitted);
  } catch (error) {
    if (!(error instanceof AwsError) && !signal.aborted) {
      gate.report(`${asked.method} ${asked.rawPath} failed in the embedded cloud.`, error);
    }
    return service.error(error, asked);
  }
}

/** Checks the signature of a request; what is handed on has a body that checks itself. */
async function admit(
  request: Request,
  asked: AwsRequest,
  claim: Claim,
  { credentials, region }: Gate,
): Promise<AwsRequest> {
  const expected = { credentials, region, nowMs: Date.now() };
  const declared = asked.headers.get('x-amz-content-sha256') ?? asked.query.get('X-Amz-Content-Sha256');
  const { accessKeyId, service } = claim.scope;
  const payload = declared ?? (service === 's3' && claim.expiresSeconds !== undefined ? 'UNSIGNED-PAYLOAD' : undefined);
  if (payload === undefined) {
    if (service === 's3') {
      throw new AwsError('InvalidRequest', 400, 'Missing required header for this request: x-amz-content-sha256');
    }
    const body = await holdBody(request.body);
    verify(claim, asked, new Bun.CryptoHasher('sha256').update(body).digest('hex'), expected);
    return { ...asked, accessKeyId, body: new Blob([body]).stream() };
  }
  const key = verify(claim, asked, payload, expected);
  return { ...asked, accessKeyId, body: await openBody(request, payload, { claim, key }, asked.trailers) };
}

/** Who answers a request without a signature: preflights and browser forms are S3's, confirmation links are SNS's. */
function anonymousService({ method, query, headers }: AwsRequest): string {
  if (method === 'OPTIONS') return 's3';
  if (method === 'POST' && headers.get('content-type')?.startsWith('multipart/form-data')) return 's3';
  if (method === 'GET' && /^(ConfirmSubscription|Unsubscribe)$/.test(query.get('Action') ?? '')) return 'sns';
  const target = headers.get('x-amz-target');
  throw signatureErrors(target === null ? 's3' : 'json').missing();
}

function unknownService(name: string): never {
  throw new AwsError('InvalidAction', 400, `The embedded cloud has no service ${name}.`);
}
