/**
 * What an operator decides for a stage, read from the environment (SST loads `.env` and `.env.<stage>`): where the
 * site is, how large the fleets may grow, who hears of alarms. A wrong word is one sentence, before anything is made.
 */
import { ConfigError, readConfig, whole, type Config, type Environment } from '../jobs/config.ts';

/** The programs that run on instances, each in a group of its own, with a role of its own. */
export const fleetNames = ['web', 'annotator', 'archiver', 'thaw'] as const;
export type FleetName = (typeof fleetNames)[number];

/** What the programs of a stage are told. */
export interface Stage {
  /** Their configuration: names, ARNs, limits. */
  config: Config;
  /** What they and the function find in their environment, besides the region. */
  environment: Record<string, string>;
}

/** How a stage that is deployed is reached, how large it is, and who cares for it. */
export interface Site {
  domain: string;
  /** Certificate and address of the domain are either the operator's, or made in their Route 53 zone. */
  tls: { certificateArn: string } | { hostedZoneId: string };
  fleets: Record<FleetName, { instanceType: string; min: number; max: number; diskGib: number }>;
  /** Jobs waiting or running for each annotator that the group aims at; more of them, and it grows. */
  backlogPerAnnotator: number;
  alarmEmail: string;
  budgetUsd: number;
  /** The folder `npm run build` made for the instances' processor. */
  release: string;
}

/** Settings of the programs that a stage passes on as they are. */
const passedOn = [
  'GAS_FREE_INPUT_MIB',
  'GAS_PREMIUM_INPUT_MIB',
  'GAS_FREE_TRACK_MIB',
  'GAS_PREMIUM_TRACK_MIB',
  'GAS_ADMINS',
  'GAS_ARCHIVE_GRACE_SECONDS',
  'GAS_DOWNGRADE_GRACE_SECONDS',
  'GAS_THREADS',
  'GAS_CONCURRENCY',
  'GAS_LEASE_SECONDS',
  'GAS_SWEEP_SECONDS',
  'GAS_RETRIEVAL_TIER',
  'GAS_RETRIEVAL_CHECK_SECONDS',
  'GAS_INVENTORY_SECONDS',
  'GAS_METRICS_TOKEN',
  'OTEL_EXPORTER_OTLP_ENDPOINT',
] as const;

/** `account` and `region`: where the stage is, as AWS says. @throws ConfigError */
export function readStage(
  env: Environment,
  { stage, account, region, publicUrl }: { stage: string; account: string; region: string; publicUrl: string },
): Stage {
  const environment = {
    GAS_ACCOUNT_ID: account,
    GAS_PREFIX: stage === 'production' ? 'gas' : `gas${stage.toLowerCase().replace(/[^a-z0-9]/g, '')}`,
    GAS_BUCKET_SUFFIX: `-${account}-${region}`,
    GAS_ARCHIVE_BACKEND: env['GAS_ARCHIVE_BACKEND'] || 'vault',
    GAS_PUBLIC_URL: publicUrl,
    GAS_PORT: '8080',
    ...Object.fromEntries(passedOn.flatMap((name) => (env[name] ? [[name, env[name]]] : []))),
  };
  return { config: readConfig({ ...environment, AWS_REGION: region }, 'deployment'), environment };
}

/** @throws ConfigError */
export function readSite(env: Environment): Site {
  return {
    domain: required(env, 'GAS_DOMAIN', 'the name people reach the site by, e.g. gas.example.org'),
    tls: readTls(env),
    fleets: {
      web: { ...range(env, 'GAS_WEBS', 2, 6), instanceType: env['GAS_WEB_INSTANCE'] || 't4g.small', diskGib: 10 },
      annotator: {
        ...range(env, 'GAS_ANNOTATORS', 1, 10),
        instanceType: env['GAS_ANNOTATOR_INSTANCE'] || 'c7g.large',
        diskGib: whole(env, 'GAS_ANNOTATOR_DISK_GIB', 100, 20, 16_000),
      },
      // One of each is enough for thousands of jobs a day; when it is replaced, the next one starts before it goes.
      archiver: { min: 1, max: 1, instanceType: 't4g.small', diskGib: 10 },
      thaw: { min: 1, max: 1, instanceType: 't4g.small', diskGib: 10 },
    },
    backlogPerAnnotator: whole(env, 'GAS_BACKLOG_PER_ANNOTATOR', 10, 1, 10_000),
    alarmEmail: required(env, 'GAS_ALARM_EMAIL', 'the address that hears of alarms and costs'),
    budgetUsd: whole(env, 'GAS_BUDGET_USD', 300, 1, 1_000_000),
    release: env['GAS_RELEASE'] || 'dist/linux-arm64',
  };
}

function readTls(env: Environment): Site['tls'] {
  const certificateArn = env['GAS_CERTIFICATE_ARN'];
  const hostedZoneId = env['GAS_HOSTED_ZONE_ID'];
  if (certificateArn && !hostedZoneId) return { certificateArn };
  if (hostedZoneId && !certificateArn) return { hostedZoneId };
  throw new ConfigError(
    'Set GAS_HOSTED_ZONE_ID (the Route 53 zone of GAS_DOMAIN) or GAS_CERTIFICATE_ARN (your own certificate in ACM), one of them.',
  );
}

function range(env: Environment, name: string, min: number, max: number): { min: number; max: number } {
  const least = whole(env, `${name}_MIN`, min, 1, 1000);
  return { min: least, max: whole(env, `${name}_MAX`, Math.max(max, least), least, 1000) };
}

function required(env: Environment, name: string, what: string): string {
  const value = env[name];
  if (!value) throw new ConfigError(`${name} is missing; it is ${what}.`);
  return value;
}
