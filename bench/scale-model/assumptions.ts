/**
 * What the model is computed from, each figure with where it is from: measured on this code, a documented behaviour of
 * AWS, or an assumption that a reader can replace and run the model again.
 */

/** A whole genome, and the largest file a free user may hand in (25 MiB). */
export const GENOME_VARIANTS = 5_000_000;
const FREE_INPUT_BYTES = 25 * 2 ** 20;

/**
 * Measured 2026-11-22 by `bun bench/service-time.ts` on 2 busy cores (Intel Xeon), as the annotator calls the engine
 * with 2 threads: HG002, chromosome 20, GRCh38, on the starter reference, 193,047 variants, 9.5 to 9.9 s of processor
 * for a million; the whole output 33.2 bytes a variant, the input 15.4 (both BGZF). A file of coding variants only,
 * with HGVS on a full reference, is the worst seen: 31.6 s for a million, 150.7 bytes a variant.
 */
export const measured = {
  cpuSecondsPerMillion: 10,
  cpuSecondsPerMillionWorst: 31.6,
  inputBytesPerVariant: 15.4,
  resultBytesPerVariant: 33.2,
} as const;

export const FREE_VARIANTS = FREE_INPUT_BYTES / measured.inputBytesPerVariant;

/** What an annotator is assumed to be: a c7g.large, whose processors are as fast as those that were measured. */
export const annotator = {
  threads: 2,
  /** Of two threads' time; the rest is reading, ordering and writing. */
  parallelEfficiency: 0.95,
  /** A c7g.large has 0.94 Gbit/s without its burst. */
  networkBytesPerSecond: 100e6,
  /** Claim, lease, looks at the table, messages. */
  overheadSeconds: 0.5,
} as const;

/** How a group on target tracking behaves (EC2 Auto Scaling User Guide; the counts of minutes are its alarms'). */
export const scaling = {
  /** SQS tells CloudWatch once a minute; what is seen is a minute old. */
  metricSeconds: 60,
  /** So many minutes in a row above the target, and the group grows at once to what the target says. */
  outMinutes: 3,
  /** So many minutes in a row under nine tenths of it, and the group shrinks. */
  inMinutes: 15,
  inBelow: 0.9,
  /** From launch until the first message is received: `WARM_UP_SECONDS` of deploy/fleet.ts. */
  startSeconds: 120,
} as const;

/**
 * List prices in us-east-1, on demand, USD. Looked up on 2026-11-22 in stored copies of public pages, since AWS' own
 * price list cannot be reached from where this was written; `pricesFrom` says which. None was found to differ.
 */
export const prices = {
  annotatorHour: 0.0725,
  smallInstanceHour: 0.0168,
  diskGbMonth: 0.08,
  balancerHour: 0.0225,
  natHour: 0.045,
  natGb: 0.045,
  s3GbMonth: 0.023,
  s3ColdGbMonth: 0.0125,
  s3PutThousand: 0.005,
  s3GetThousand: 0.0004,
  archiveGbMonth: 0.0036,
  archiveRequestThousand: 0.03,
  retrievalExpeditedGb: 0.03,
  retrievalExpeditedThousand: 10,
  retrievalStandardGb: 0.01,
  retrievalStandardThousand: 0.05,
  tableWriteMillion: 0.625,
  tableReadMillion: 0.125,
  queueMillion: 0.4,
  topicMillion: 0.5,
  transitionThousand: 0.025,
  outGb: 0.09,
} as const;

/** What was looked up, and where; `prices` of the last line were found nowhere and are from memory. */
export const pricesFrom: readonly { names: readonly (keyof typeof prices)[]; source: string }[] = [
  {
    names: ['annotatorHour', 'smallInstanceHour'],
    source: 'price tables in public repositories, ten for each type; they differ by 0.0002 at most',
  },
  {
    names: ['natHour', 'natGb', 'outGb'],
    source: '“AWS NAT Gateway Pricing 2026”, cloudpipelines.pages.dev; basavytix.com/blog/aws-nat-gateway-pricing',
  },
  {
    names: ['s3GbMonth', 's3ColdGbMonth', 'archiveGbMonth', 's3PutThousand'],
    source: 'tables “First 50 TB” in public repositories, five that agree',
  },
  {
    names: ['retrievalStandardGb', 'retrievalStandardThousand', 'retrievalExpeditedThousand'],
    source:
      'AWS re:Post, “manage data retrieval and storage costs” (repost.aws/knowledge-center/s3-manage-data-retrieval)',
  },
  {
    names: ['tableWriteMillion', 'tableReadMillion'],
    source: 'airbyte.com/data-engineering-resources/dynamodb-pricing',
  },
  { names: ['transitionThousand'], source: 'aws.amazon.com/step-functions/pricing, a copy without a date' },
  {
    names: [
      'diskGbMonth',
      'balancerHour',
      's3GetThousand',
      'archiveRequestThousand',
      'retrievalExpeditedGb',
      'queueMillion',
      'topicMillion',
    ],
    source: 'not found in a copy; as we know the price list',
  },
];

export const HOURS_A_MONTH = 730;

/** Seconds an annotator has a job of so many variants in hand. */
export function serviceSeconds(variants: number, cpuSecondsPerMillion: number = measured.cpuSecondsPerMillion): number {
  const { threads, parallelEfficiency, networkBytesPerSecond, overheadSeconds } = annotator;
  const computing = ((variants / 1e6) * cpuSecondsPerMillion) / (threads * parallelEfficiency);
  const bytes = variants * (measured.inputBytesPerVariant + measured.resultBytesPerVariant);
  return overheadSeconds + computing + bytes / networkBytesPerSecond;
}
