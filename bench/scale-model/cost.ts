/** What a genome costs, and what the service costs when nobody uses it: requests and bytes times prices. */
import { HOURS_A_MONTH, measured, prices, serviceSeconds } from './assumptions.ts';

export interface Bill {
  /** What it is for → USD. */
  lines: Record<string, number>;
  total: number;
}

const GB = 1e9;
/** Work an annotator group pays for that no job uses: starting, waiting, scaling in late. */
const BUSY_SHARE = 0.7;
/** Write units (of 1 KB) of an item: under 1 KB until it ends, about 3 with its summary; table and two indexes. */
const RUNNING_UNITS = 1 * 3;
const ENDED_UNITS = 3 * 3;
/** Of one write in a transaction. */
const TWICE = 2;

/** A job handled once, without keeping its files: what it takes to annotate so many variants. */
export function annotating(variants: number): Bill {
  const seconds = serviceSeconds(variants);
  const outGb = (variants * measured.resultBytesPerVariant) / GB;
  // Submitted, claimed, progress once a second, the lease every 40; completed and settled; two rows of the outbox.
  const tableWrites =
    (TWICE + 1 + seconds * (1 + 1 / 40)) * RUNNING_UNITS + (TWICE + 1) * ENDED_UNITS + 2 * (TWICE + 1);
  const parts = Math.ceil((outGb * GB) / (8 * 2 ** 20));
  return bill({
    'annotator instances': ((seconds / 3600) * prices.annotatorHour) / BUSY_SHARE,
    table: (tableWrites * prices.tableWriteMillion + 200 * prices.tableReadMillion) / 1e6,
    'requests to S3': ((6 + parts) * prices.s3PutThousand + 10 * prices.s3GetThousand) / 1000,
    'queues and topics': (12 * prices.queueMillion + 2 * prices.topicMillion) / 1e6,
    'download by its owner': outGb * prices.outGb,
  });
}

/** Keeping it for a month: free results go to the archive, premium ones stay; inputs cool after 30 days. */
export function keeping(variants: number, tier: 'free' | 'premium', month: number): Bill {
  const inGb = (variants * measured.inputBytesPerVariant) / GB;
  const outGb = (variants * measured.resultBytesPerVariant) / GB;
  return bill({
    input: inGb * (month === 1 ? prices.s3GbMonth : prices.s3ColdGbMonth),
    result: outGb * (tier === 'free' ? prices.archiveGbMonth : prices.s3GbMonth),
  });
}

/** Once for a free result: the countdown, the way into the archive. */
export function archiving(): Bill {
  return bill({
    countdown: (4 * prices.transitionThousand) / 1000,
    'requests to the archive': (2 * prices.archiveRequestThousand) / 1000,
    table: ((2 + TWICE + 1 + 3) * ENDED_UNITS * prices.tableWriteMillion) / 1e6,
  });
}

/** Once for a result that is asked back. */
export function restoring(variants: number, tier: 'Expedited' | 'Standard'): Bill {
  const outGb = (variants * measured.resultBytesPerVariant) / GB;
  const [perGb, perThousand] =
    tier === 'Expedited'
      ? [prices.retrievalExpeditedGb, prices.retrievalExpeditedThousand]
      : [prices.retrievalStandardGb, prices.retrievalStandardThousand];
  return bill({ retrieval: outGb * perGb + perThousand / 1000, 'requests to S3': (4 * prices.s3PutThousand) / 1000 });
}

/** A month of the smallest deployment of deploy/stage.ts, whether it is used or not. */
export function standing(): Bill {
  const { natHour, balancerHour, smallInstanceHour, annotatorHour, diskGbMonth } = prices;
  return bill({
    '1 annotator, c7g.large, 100 GiB': annotatorHour * HOURS_A_MONTH + 100 * diskGbMonth,
    '2 webs, archiver, thaw, t4g.small, 10 GiB': 4 * (smallInstanceHour * HOURS_A_MONTH + 10 * diskGbMonth),
    'load balancer': balancerHour * HOURS_A_MONTH,
    '2 NAT gateways': 2 * natHour * HOURS_A_MONTH,
  });
}

/** What the same bytes would cost if they went to S3 through a NAT gateway and not through a gateway endpoint. */
export function throughNat(variants: number): number {
  const bytes = variants * (measured.inputBytesPerVariant + measured.resultBytesPerVariant);
  return (bytes / GB) * prices.natGb;
}

/** Genomes an annotator does in a year when it never waits. */
export function genomesAYear(variants: number): number {
  return (365 * 86_400) / serviceSeconds(variants);
}

function bill(lines: Record<string, number>): Bill {
  return { lines, total: Object.values(lines).reduce((sum, usd) => sum + usd, 0) };
}
