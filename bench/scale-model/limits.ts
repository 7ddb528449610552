/** Where it gets narrow: for each part of the service how many genomes a year, or at once, it can take. */
import { FREE_VARIANTS, GENOME_VARIANTS, measured, serviceSeconds } from './assumptions.ts';

const YEAR_SECONDS = 365 * 86_400;
/** DynamoDB: what one partition of a table or index can take in a second (Developer Guide, partitions). */
const PARTITION_WRITES = 1_000;
const PARTITION_READS = 3_000;
/** A waiting job in the attention index, in bytes (measured: 396 as JSON); a read of 4 KB from an index is half a unit. */
const WAITING_ITEM_BYTES = 400;
const READ_UNIT_BYTES = 8 * 1024;
/** A waiting job's page looks no further into the queue than this, and so often (`jobs/records.ts`, the page). */
const QUEUE_LOOK_JOBS = 500;
const QUEUE_LOOK_SECONDS = 2;
/** A t4g.small's network without its burst. */
const ARCHIVER_BYTES_PER_SECOND = 16e6;

export interface Limit {
  part: string;
  /** In a sentence: how much it can take, and of what. */
  takes: string;
  remedy: string;
}

export function limits(): Limit[] {
  const perAnnotator = YEAR_SECONDS / serviceSeconds(GENOME_VARIANTS);
  const placeUnits = (QUEUE_LOOK_JOBS * WAITING_ITEM_BYTES) / READ_UNIT_BYTES;
  const looks = PARTITION_READS / placeUnits;
  const running = PARTITION_WRITES / (1 + 1 / 40);
  const freeResultSeconds = (FREE_VARIANTS * measured.resultBytesPerVariant) / ARCHIVER_BYTES_PER_SECOND;
  return [
    {
      part: 'the largest number of annotators (`GAS_ANNOTATORS_MAX`, 10)',
      takes: `${millions(perAnnotator)} genomes a year for each that is always busy, ${millions(10 * perAnnotator)} for ten; a burst of 10,000 takes them 8 hours`,
      remedy: 'raise it, and the quota of on-demand vCPUs of the account (two for each)',
    },
    {
      part: 'the place in the queue on a waiting job’s page',
      takes: `each look reads the ${QUEUE_LOOK_JOBS} oldest of one partition of \`attention_index\`: ${Math.round(placeUnits)} read units, so ${Math.round(looks)} looks a second for all pages together, ${Math.round(looks * QUEUE_LOOK_SECONDS)} pages open at once, each looking every two seconds`,
      remedy: 'keep a look for some seconds for everybody; a page further back need not look so often',
    },
    {
      part: 'progress of running jobs',
      takes: `each writes once a second to the partition RUNNING of \`attention_index\`: about ${Math.round(running)} jobs at once`,
      remedy: 'write progress every five seconds, or shard the word RUNNING',
    },
    {
      part: 'one archiver, t4g.small',
      takes: `the largest free result takes ${freeResultSeconds.toFixed(1)} s of its network: ${millions(YEAR_SECONDS / freeResultSeconds)} a year; nobody waits for it`,
      remedy: 'a larger instance, or several: leases already let them share the work',
    },
    {
      part: 'open countdowns',
      takes:
        'Step Functions has a quota of 1,000,000 open executions: a year’s million results with a week of grace are 20,000',
      remedy: 'ask for more',
    },
    {
      part: 'SQS, SNS, S3',
      takes: '120,000 messages in hand, S3 3,500 writes a second for each prefix, and keys begin with the user’s id',
      remedy: 'nothing to do at a million a year (one genome every 32 s)',
    },
  ];
}

function millions(count: number): string {
  return `${(count / 1e6).toFixed(1)} million`;
}
