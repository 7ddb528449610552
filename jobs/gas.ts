/** What every moment of a job's life is handed: configuration, the cloud, the time, chance, and where to say what happened. */
import type { ArchiveStore } from '../aws/archive.ts';
import { createClients, type Aws } from '../aws/clients.ts';
import { createGlacierClass } from '../aws/glacier-class.ts';
import { createVault } from '../aws/vault.ts';
import type { Config } from './config.ts';
import type { Log } from './log.ts';
import { Metrics } from './metrics.ts';
import type { Span, SpanContext } from './trace.ts';

export interface Gas {
  config: Config;
  aws: Aws;
  archive: ArchiveStore;
  /** Milliseconds since 1970. */
  now(): number;
  /** So many random bytes. */
  random(bytes: number): Uint8Array;
  log: Log;
  metrics: Metrics;
  /** The step this context was made for; absent outside of one. */
  span?: SpanContext;
  /** Hears of every step that is over, if anybody collects them. */
  spanEnded?: (span: Span) => void;
}

/** Puts the context together; nothing is contacted. */
export function createGas(config: Config, log: Log): Gas {
  const { region, endpoint, credentials } = config;
  const aws = createClients({ region, ...(endpoint ? { endpoint } : {}), ...(credentials ? { credentials } : {}) });
  const archive =
    config.archiveBackend === 'vault'
      ? createVault(aws, { vault: config.topology.vault, topicArn: config.topicArns.thawRestore })
      : createGlacierClass(aws, { bucket: config.topology.buckets.results.name });
  return {
    config,
    aws,
    archive,
    now: Date.now,
    random: (bytes) => crypto.getRandomValues(new Uint8Array(bytes)),
    log,
    metrics: new Metrics(),
  };
}

/** The time as items and messages carry it. */
export function timestamp(gas: Gas, plusSeconds = 0): string {
  return new Date(gas.now() + plusSeconds * 1000).toISOString();
}

/** A new id: time first, so that ids of one user sort as they were made; 26 characters of base 32 (as ULID). */
export function newId(gas: Gas): string {
  const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
  let time = gas.now();
  let id = '';
  for (let i = 0; i < 10; i++) {
    id = alphabet[time % 32] + id;
    time = Math.floor(time / 32);
  }
  for (const byte of gas.random(16)) id += alphabet[byte & 31];
  return id;
}
