/**
 * Configuration: environment variables, read once at the start of a program. A missing or wrong one is one sentence
 * that names the variable, what it was and what it should be.
 */
import type { PlanLimits } from './plan.ts';
import { arn, topology, type Topology } from './topology.ts';

export interface Config {
  version: string;
  prefix: string;
  region: string;
  account: string;
  /** `AWS_ENDPOINT_URL`; absent on AWS. */
  endpoint?: string;
  credentials?: { accessKeyId: string; secretAccessKey: string };
  topology: Topology;
  topicArns: Record<keyof Topology['topics'], string>;
  queueUrls: Record<keyof Topology['queues'], string>;
  archiveMachineArn: string;
  archiveBackend: 'vault' | 's3';

  /** Where people reach the site. */
  publicUrl: URL;
  port: number;
  /** Origin browsers upload to and download from, for the page's content security policy. */
  uploadOrigin: string;
  limits: PlanLimits;
  /** E-mail addresses, in lower case, of those who see what is installed and how much waits. */
  admins: readonly string[];

  /** Where this program's own metrics are served, if anywhere; loopback unless said otherwise. */
  metricsHost: string;
  metricsPort?: number;
  /** What whoever reads the metrics from elsewhere has to show. */
  metricsToken?: string;
  /** The OpenTelemetry collector that spans are sent to, if any. */
  otlpEndpoint?: URL;

  /** Folder for references, scratch files and, on one machine, the embedded cloud. */
  dataDir: string;
  /** Annotation threads of one job; jobs annotated at once. */
  threads: number;
  concurrency: number;
  /** Seconds an annotator keeps a job without a heartbeat. */
  leaseSeconds: number;
  /** Seconds between sweeps of outbox and reconciler. */
  sweepSeconds: number;
  /** Seconds between comparisons of the table with what cold storage holds. */
  inventorySeconds: number;
  /** First retrieval tier asked for. */
  retrievalTier: 'Expedited' | 'Standard' | 'Bulk';
  /** Seconds between looks at a retrieval that is under way. */
  retrievalCheckSeconds: number;
}

/** One environment variable is wrong. */
export class ConfigError extends Error {
  override name = 'ConfigError';
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** @throws ConfigError */
export function readConfig(env: Environment, version: string): Config {
  const prefix = env['GAS_PREFIX'] || 'gas';
  if (!/^[a-z][a-z0-9]{1,19}$/.test(prefix)) {
    throw new ConfigError(`GAS_PREFIX is '${prefix}'; it must be 2 to 20 lower-case letters and digits.`);
  }
  const bucketSuffix = env['GAS_BUCKET_SUFFIX'] || '';
  if (!/^(-[a-z0-9]+)*$/.test(bucketSuffix) || bucketSuffix.length > 35) {
    throw new ConfigError(
      `GAS_BUCKET_SUFFIX is '${bucketSuffix}'; it must be like -123456789012-us-east-1, at most 35 characters.`,
    );
  }
  const region = env['AWS_REGION'] || env['AWS_DEFAULT_REGION'] || 'us-east-1';
  const endpoint = env['AWS_ENDPOINT_URL'];
  if (endpoint && !URL.canParse(endpoint))
    throw new ConfigError(`AWS_ENDPOINT_URL is '${endpoint}'; it must be a URL.`);
  const account = env['GAS_ACCOUNT_ID'] || (endpoint ? '000000000000' : '');
  if (!/^\d{12}$/.test(account)) {
    throw new ConfigError(
      `GAS_ACCOUNT_ID is '${account}'; it must be the 12 digits of the AWS account, unless AWS_ENDPOINT_URL is set.`,
    );
  }
  const port = whole(env, 'GAS_PORT', 8080, 0, 65_535);
  const publicUrl = env['GAS_PUBLIC_URL'] || `http://localhost:${port}`;
  if (!URL.canParse(publicUrl)) throw new ConfigError(`GAS_PUBLIC_URL is '${publicUrl}'; it must be a URL.`);
  const archiveBackend = env['GAS_ARCHIVE_BACKEND'] || 'vault';
  if (archiveBackend !== 'vault' && archiveBackend !== 's3') {
    throw new ConfigError(`GAS_ARCHIVE_BACKEND is '${archiveBackend}'; it must be vault or s3.`);
  }
  const retrievalTier = env['GAS_RETRIEVAL_TIER'] || 'Expedited';
  if (retrievalTier !== 'Expedited' && retrievalTier !== 'Standard' && retrievalTier !== 'Bulk') {
    throw new ConfigError(`GAS_RETRIEVAL_TIER is '${retrievalTier}'; it must be Expedited, Standard or Bulk.`);
  }
  const metricsPort = whole(env, 'GAS_METRICS_PORT', 0, 0, 65_535);
  const metricsToken = env['GAS_METRICS_TOKEN'] || '';
  if (metricsToken !== '' && metricsToken.length < 16) {
    throw new ConfigError('GAS_METRICS_TOKEN is too short to be a secret; it must have at least 16 characters.');
  }
  const otlpEndpoint = env['OTEL_EXPORTER_OTLP_ENDPOINT'];
  if (otlpEndpoint && !/^https?:$/.test(URL.parse(otlpEndpoint)?.protocol ?? '')) {
    throw new ConfigError(`OTEL_EXPORTER_OTLP_ENDPOINT is '${otlpEndpoint}'; it must be an http or https URL.`);
  }
  const accessKeyId = env['AWS_ACCESS_KEY_ID'];
  const secretAccessKey = env['AWS_SECRET_ACCESS_KEY'];
  const names = topology(prefix, bucketSuffix);
  const queueHost = endpoint ? new URL(endpoint).origin : `https://sqs.${region}.amazonaws.com`;
  const mebibyte = 2 ** 20;

  return {
    version,
    prefix,
    region,
    account,
    ...(endpoint ? { endpoint } : {}),
    ...(accessKeyId && secretAccessKey && !env['AWS_SESSION_TOKEN']
      ? { credentials: { accessKeyId, secretAccessKey } }
      : {}),
    topology: names,
    topicArns: each(names.topics, (name) => arn('sns', region, account, name)),
    queueUrls: each(names.queues, ({ name }) => `${queueHost}/${account}/${name}`),
    archiveMachineArn: arn('states', region, account, `stateMachine:${names.archiveMachine}`),
    archiveBackend,
    publicUrl: new URL(publicUrl),
    port,
    uploadOrigin: endpoint
      ? new URL(endpoint).origin
      : `https://${names.buckets.inputs.name}.s3.${region}.amazonaws.com https://${names.buckets.results.name}.s3.${region}.amazonaws.com`,
    limits: {
      freeInputBytes: whole(env, 'GAS_FREE_INPUT_MIB', 25, 1, 5_120) * mebibyte,
      premiumInputBytes: whole(env, 'GAS_PREMIUM_INPUT_MIB', 5_120, 1, 5_120) * mebibyte,
      freeTrackBytes: whole(env, 'GAS_FREE_TRACK_MIB', 5, 1, 1_024) * mebibyte,
      premiumTrackBytes: whole(env, 'GAS_PREMIUM_TRACK_MIB', 100, 1, 1_024) * mebibyte,
      archiveGraceSeconds: whole(env, 'GAS_ARCHIVE_GRACE_SECONDS', 180, 0, 31_536_000),
      downgradeGraceSeconds: whole(env, 'GAS_DOWNGRADE_GRACE_SECONDS', 7 * 86_400, 0, 31_536_000),
    },
    admins: addresses(env, 'GAS_ADMINS'),
    metricsHost: env['GAS_METRICS_HOST'] || '127.0.0.1',
    ...(metricsPort ? { metricsPort } : {}),
    ...(metricsToken ? { metricsToken } : {}),
    ...(otlpEndpoint ? { otlpEndpoint: new URL(otlpEndpoint) } : {}),
    dataDir: env['GAS_DATA_DIR'] || 'data',
    threads: whole(env, 'GAS_THREADS', 2, 1, 256),
    concurrency: whole(env, 'GAS_CONCURRENCY', 1, 1, 64),
    leaseSeconds: whole(env, 'GAS_LEASE_SECONDS', 120, 2, 43_200),
    sweepSeconds: whole(env, 'GAS_SWEEP_SECONDS', 30, 1, 86_400),
    inventorySeconds: whole(env, 'GAS_INVENTORY_SECONDS', 86_400, 1, 31_536_000),
    retrievalTier,
    retrievalCheckSeconds: whole(env, 'GAS_RETRIEVAL_CHECK_SECONDS', 60, 1, 900),
  };
}

/** A whole number from the environment. @throws ConfigError */
export function whole(env: Environment, name: string, preset: number, min: number, max: number): number {
  const text = env[name];
  if (text === undefined || text === '') return preset;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < min || value > max) {
    throw new ConfigError(`${name} is '${text}'; it must be a whole number from ${min} to ${max}.`);
  }
  return value;
}

/** E-mail addresses, separated by commas. @throws ConfigError */
function addresses(env: Environment, name: string): string[] {
  const list = (env[name] ?? '').split(',').map((address) => address.trim().toLowerCase());
  const wrong = list.find((address) => address !== '' && !/^[^\s@]+@[^\s@]+$/.test(address));
  if (wrong !== undefined) {
    throw new ConfigError(`${name} has '${wrong}' in it; it must be e-mail addresses, separated by commas.`);
  }
  return list.filter((address) => address !== '');
}

function each<T, R>(record: Record<string, T>, map: (value: T) => R): Record<string, R> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
