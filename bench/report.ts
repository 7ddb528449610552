/** Figures as a page: a table for each contest, peers as ratios to our first line. */
import type { Contest } from './contests.ts';
import { type Cost, median } from './measure.ts';

export interface Outcome {
  contest: Contest;
  /** For each runner of the contest, what its runs cost. */
  costs: Cost[][];
}

/** What the same job costs on inputs of different sizes, as it is kept. */
export interface Growth {
  day: string;
  machine: string;
  rows: readonly GrowthRow[];
}

interface GrowthRow extends Cost {
  input: string;
  records: number;
  threads: string;
}

export interface Findings {
  outcomes: readonly Outcome[];
  growth: readonly Outcome[];
  /** What `--long` measured, on its day. */
  long: Growth | null;
  /** Coding consequences compared with those of bcftools csq. */
  spot: { same: number; compared: number };
  machine: string;
  rounds: number;
  quick: boolean;
  /** Seconds of the whole benchmark. */
  took: number;
  now: Date;
}

export function report({ outcomes, growth, long, spot, machine, rounds, quick, took, now }: Findings): string {
  const day = now.toISOString().slice(0, 10);
  return [
    `# Results of \`bun run bench${quick ? ' --quick' : ''}\``,
    '',
    `${day}, ${machine}; ${rounds} rounds, programs in turn; ${Math.round(took)} s. Written by the run: do not edit.`,
    '',
    'Chromosome 20 of GRCh37 with GENCODE V7 (1,597 transcripts). Rates are records by the fastest run on the wall, and by',
    'the fewest seconds of processor, user and system of all threads: the latter hardly depends on what else the machine',
    'does. The ratio is how many times the seconds of processor of the first line a program needs. Start-up, and for us',
    'the time in which the runtime compiles, are in every figure. The peak of memory counts mapped files too: the',
    'reference and the known variants, once for every thread that reads them.',
    '',
    `Outputs are looked at: all records came out of every program, and ${spot.same.toLocaleString('en')} of ` +
      `${spot.compared.toLocaleString('en')} coding SNV consequences are those of bcftools csq.`,
    ...outcomes.flatMap(table),
    ...toLimits(outcomes),
    '',
    '## Input size',
    '',
    'Terms and HGVS, .gz to .gz.',
    '',
    ...growthTable(growthOf(growth)),
    ...longPart(long),
    '',
  ].join('\n');
}

const HEAD = [
  '| program | wall s, median | wall s, least | CPU s, least | records/s, wall | records/s, CPU | peak MB | CPU ratio |',
  '|---|---|---|---|---|---|---|---|',
];

function table({ contest, costs }: Outcome): string[] {
  const first = least(costs[0] ?? [], 'cpuSeconds');
  const rows = contest.runners.map(({ name }, i) => {
    const own = costs[i] ?? [];
    const walls = own.map(({ wallSeconds }) => wallSeconds);
    const wall = Math.min(...walls);
    const cpu = least(own, 'cpuSeconds');
    const cells = [
      name,
      median(walls).toFixed(2),
      wall.toFixed(2),
      cpu.toFixed(2),
      rate(contest.records, wall),
      rate(contest.records, cpu),
      peak(own),
      (cpu / first).toFixed(2),
    ];
    return `| ${cells.join(' | ')} |`;
  });
  const absent = contest.absent.length > 0 ? ['', `Left out: ${contest.absent.join('; ')}.`] : [];
  return [
    '',
    `## ${contest.title}`,
    '',
    `${contest.records.toLocaleString('en')} records.`,
    '',
    ...HEAD,
    ...rows,
    ...absent,
  ];
}

/** How far the whole job is from what bounds it, when both were measured. */
function toLimits(outcomes: readonly Outcome[]): string[] {
  const whole = outcomes.find(({ contest }) => contest.title.startsWith('The whole job'));
  const limits = outcomes.find(({ contest }) => contest.title.startsWith('Limits'));
  if (whole === undefined || limits === undefined) return [];
  const ours = least(whole.costs[0] ?? [], 'cpuSeconds');
  const [copy, deflate] = limits.costs.map((costs) => (ours / least(costs, 'cpuSeconds')).toFixed(1));
  return [
    '',
    `The whole job on one thread needs ${copy} times the seconds of processor of the first line, ${deflate} times those of`,
    'the second, which is part of it.',
  ];
}

/** The least that each run of a contest cost, and the most memory. */
export function growthOf(outcomes: readonly Outcome[]): GrowthRow[] {
  return outcomes.flatMap(({ contest, costs }) =>
    contest.runners.map(({ name }, i) => {
      const own = costs[i] ?? [];
      return {
        input: contest.title,
        records: contest.records,
        threads: name,
        wallSeconds: least(own, 'wallSeconds'),
        cpuSeconds: least(own, 'cpuSeconds'),
        peakMegabytes: Math.max(...own.map(({ peakMegabytes }) => peakMegabytes)),
      };
    }),
  );
}

export function growthTable(rows: readonly GrowthRow[]): string[] {
  return [
    '| input | threads | wall s | CPU s | CPU µs a record | records/s, wall | peak MB |',
    '|---|---|---|---|---|---|---|',
    ...rows.map(({ input, records, threads, wallSeconds, cpuSeconds, peakMegabytes }) => {
      const cells = [
        input,
        threads,
        wallSeconds.toFixed(2),
        cpuSeconds.toFixed(2),
        ((1e6 * cpuSeconds) / records).toFixed(2),
        rate(records, wallSeconds),
        peakMegabytes.toFixed(0),
      ];
      return `| ${cells.join(' | ')} |`;
    }),
  ];
}

function longPart(long: Growth | null): string[] {
  if (long === null) return [];
  return [
    '',
    '## Millions of variants, a reference of human size',
    '',
    `The same job; measured by \`bun run bench --long\` on ${long.day}, ${long.machine}, one round.`,
    '',
    ...growthTable(long.rows),
  ];
}

function least(costs: readonly Cost[], what: 'wallSeconds' | 'cpuSeconds'): number {
  return Math.min(...costs.map((cost) => cost[what]));
}

function peak(costs: readonly Cost[]): string {
  return Math.max(...costs.map(({ peakMegabytes }) => peakMegabytes)).toFixed(0);
}

function rate(records: number, seconds: number): string {
  return Math.round(records / seconds).toLocaleString('en');
}
