/** docs/scale.md: what the model says, in words, tables and plots. The same bytes every time. */
import { randomFrom, type Random } from '../random.ts';
import {
  annotator,
  FREE_VARIANTS,
  GENOME_VARIANTS,
  measured,
  prices,
  pricesFrom,
  scaling,
  serviceSeconds,
} from './assumptions.ts';
import { annotating, archiving, genomesAYear, keeping, restoring, standing, throughNat } from './cost.ts';
import { burst, people, quantile, simulate, type Outcome } from './fleet.ts';
import { limits } from './limits.ts';
import { plot } from './plot.ts';
import { copies, partsMax, split, type Split } from './split.ts';

const SEED = 20_261_122;
const BURST = 10_000;
/** As fast as ten people's scripts hand them in. */
const BURST_PER_SECOND = 50;
const MAXIMA = [10, 25, 50, 100, 200];
const TARGETS = [1, 2, 4, 10];
const YEARLY = [10_000, 100_000, 1_000_000];
const PARTS = [1, 2, 4, 8, 16, 32, 64];
const LARGEST_INPUT = 5 * 2 ** 30;

export interface Page {
  markdown: string;
  /** File name in docs/scale/ → SVG. */
  plots: Record<string, string>;
}

/** Computes everything anew; about a second. */
export function makePage(): Page {
  const bursts = MAXIMA.map((max) => ({ max, outcome: aBurst(max) }));
  const weeks = YEARLY.flatMap((perYear) =>
    TARGETS.map((target) => ({ perYear, target, outcome: aWeek(perYear, target) })),
  );
  const splits = PARTS.map((parts) => split(LARGEST_INPUT, parts));
  const busiest = weeks.find(({ perYear, target }) => perYear === 1_000_000 && target === 10)?.outcome;
  return {
    markdown: [
      introduction(),
      burstSection(bursts),
      steadySection(weeks),
      costSection(),
      limitSection(),
      splitSection(splits),
      priceSection(),
    ].join('\n\n'),
    plots: {
      'burst.svg': plot(
        `${BURST.toLocaleString('en')} genomes at once: jobs waiting or running`,
        { x: 'hours', y: 'jobs' },
        bursts.map(({ max, outcome }) => ({
          name: `at most ${max} annotators`,
          points: sampled(outcome.minutes.map(({ backlog }, minute) => [minute / 60, backlog])),
        })),
      ),
      'week.svg': plot('A million genomes a year: two days, target 10', { x: 'hours', y: 'jobs, annotators' }, [
        { name: 'jobs waiting or running', points: twoDays(busiest, 'backlog') },
        { name: 'annotators', points: twoDays(busiest, 'instances') },
      ]),
      'split.svg': plot('One file of 5 GiB over the fleet', { x: 'parts', y: 'minutes' }, [
        { name: 'until the result is there', points: splits.map((one) => [one.parts, one.totalSeconds / 60]) },
        { name: 'of it: annotating', points: splits.map((one) => [one.parts, one.annotateSeconds / 60]) },
      ]),
    },
  };
}

function aBurst(max: number): Outcome {
  const random = randomFrom(SEED);
  const jobs = burst(BURST, BURST_PER_SECOND, () => genomeSeconds(random));
  return simulate({ jobs, min: 1, max, target: 10, endSeconds: 30 * 86_400 }, random);
}

function aWeek(perYear: number, target: number): Outcome {
  const random = randomFrom(SEED);
  const jobs = people(perYear / 365, 7, random, () => genomeSeconds(random));
  return simulate({ jobs, min: 1, max: 20, target, endSeconds: 8 * 86_400 }, random);
}

/** A genome has 5 million variants, give or take 15 %. */
function genomeSeconds(random: Random): number {
  return serviceSeconds(GENOME_VARIANTS * (0.85 + (random(1001) / 1000) * 0.3));
}

function introduction(): string {
  const seconds = serviceSeconds(GENOME_VARIANTS);
  return `# Scale, on paper

Written by \`bun bench/scale-model.ts\`; change an assumption in \`bench/scale-model/assumptions.ts\` and run it again.
Nothing here has been run on AWS: it is a simulation of the queue, the fleet and the rule that scales it, from times
measured on this code, and arithmetic from a price list.

| figure | value | from |
|---|---|---|
| processor for a million variants | ${measured.cpuSecondsPerMillion} s (worst seen: ${measured.cpuSecondsPerMillionWorst} s, coding variants only, with HGVS) | measured 2026-11-22, \`bench/service-time.ts\`, HG002 chr20 on the starter reference, 2 busy cores |
| input, result | ${measured.inputBytesPerVariant}, ${measured.resultBytesPerVariant} bytes a variant | the same run |
| a genome | ${GENOME_VARIANTS.toLocaleString('en')} variants ± 15 %: ${mb(GENOME_VARIANTS * measured.inputBytesPerVariant)} in, ${mb(GENOME_VARIANTS * measured.resultBytesPerVariant)} out | assumption |
| an annotator | c7g.large: ${annotator.threads} threads, ${annotator.parallelEfficiency * 100} % of them used, ${annotator.networkBytesPerSecond / 1e6} MB/s, one job at a time, its cores as fast as those measured | assumption |
| **a genome on an annotator** | **${seconds.toFixed(1)} s** (worst: ${serviceSeconds(GENOME_VARIANTS, measured.cpuSecondsPerMillionWorst).toFixed(0)} s) | computed |
| the scaling rule | looks once a minute at what was a minute ago; grows after ${scaling.outMinutes} minutes, shrinks after ${scaling.inMinutes}; ${scaling.startSeconds} s from launch to work | EC2 Auto Scaling's target tracking, as we know it |
| prices | USD, us-east-1, on demand | list prices as public pages had them on 2026-11-22; [below](#prices) |`;
}

function burstSection(bursts: { max: number; outcome: Outcome }[]): string {
  const rows = bursts.map(
    ({ max, outcome }) =>
      `| ${max} | ${hours(outcome.lastSeconds)} | ${minutes(quantile(outcome.waits, 0.5))} | ${minutes(quantile(outcome.waits, 0.95))} | ${outcome.instanceHours.toFixed(0)} | ${usd(outcome.instanceHours * prices.annotatorHour, 2)} | ${outcome.handedBack} |`,
  );
  const [least, most] = [bursts[0], bursts.at(-1)];
  return `## A burst of ${BURST.toLocaleString('en')} genomes

Handed in at ${BURST_PER_SECOND} a second, one annotator in service, target: 10 jobs for each annotator.

![backlog over time](scale/burst.svg)

| at most | all done after | wait, median, min | wait, 95 %, min | instance hours | for | handed back |
|--:|--:|--:|--:|--:|--:|--:|
${rows.join('\n')}

Twenty times the annotators cost ${percent((most?.outcome.instanceHours ?? 1) / (least?.outcome.instanceHours ?? 1) - 1)} more, for an instance is paid by the second and the work is the same:
**the largest number is a question of quotas and of trust, not of money.** What is lost is the start of each instance and its last minutes.
“Handed back” are jobs whose instance was taken away when the group shrank; another one begins them anew.`;
}

function steadySection(weeks: { perYear: number; target: number; outcome: Outcome }[]): string {
  const rows = weeks.map(
    ({ perYear, target, outcome }) =>
      `| ${perYear.toLocaleString('en')} | ${target} | ${quantile(outcome.waits, 0.5).toFixed(0)} | ${quantile(outcome.waits, 0.95).toFixed(0)} | ${Math.max(...outcome.waits).toFixed(0)} | ${outcome.instancesMost} | ${outcome.instanceHours.toFixed(0)} | ${percent(outcome.handedBack / outcome.waits.length)} |`,
  );
  return `## Every day

Genomes arriving at random, three times as many by day as by night; a week of it; one annotator at least.

![two days](scale/week.svg)

| a year | target | wait, median, s | wait, 95 %, s | longest, s | annotators, most | instance hours in the week | handed back |
|--:|--:|--:|--:|--:|--:|--:|--:|
${rows.join('\n')}

One annotator, always busy, does ${(genomesAYear(GENOME_VARIANTS) / 1e6).toFixed(2)} million genomes a year. Up to a hundred thousand a year the group never grows.
At a million, a smaller target buys minutes of waiting with instance hours, and with jobs begun twice: a target of 10
is the cheapest, 4 is the better bargain when people sit and wait.`;
}

function costSection(): string {
  const free = annotating(FREE_VARIANTS);
  const genome = annotating(GENOME_VARIANTS);
  const fixed = standing();
  const stored = (tier: 'free' | 'premium') => keeping(GENOME_VARIANTS, tier, 2).total;
  const saved = stored('premium') - stored('free');
  const expedited = restoring(GENOME_VARIANTS, 'Expedited').total;
  const share = (part = 0, whole = 1) => percent(part / whole);
  const perYear = YEARLY.map((count) => {
    const month = (genome.total * count) / 12;
    const each = (fixed.total * 12) / count + genome.total;
    return `| ${count.toLocaleString('en')} | ${usd(fixed.total, 0)} | ${usd(month, 0)} | ${usd(fixed.total + month, 0)} | ${usd(each, 3)} |`;
  });
  return `## What it costs

Annotated and downloaded once, in USD:

| | free: the largest file, 25 MiB, ${(FREE_VARIANTS / 1e6).toFixed(1)} million variants | premium: a genome |
|---|--:|--:|
${Object.keys(genome.lines)
  .map((name) => `| ${name} | ${usd(free.lines[name] ?? 0)} | ${usd(genome.lines[name] ?? 0)} |`)
  .join('\n')}
| **together** | **${usd(free.total)}** | **${usd(genome.total)}** |

${share(genome.lines['download by its owner'], genome.total)} of a genome is its download. The bytes between S3 and the instances go through the network's gateway endpoint
and cost nothing; through a NAT gateway they would be ${usd(throughNat(GENOME_VARIANTS))} a genome, ${(throughNat(GENOME_VARIANTS) / (genome.lines['annotator instances'] ?? 1)).toFixed(0)} times the annotator.

Keeping a genome's input and result, after the first month:

| | archived | at hand |
|---|--:|--:|
| a month | ${usd(stored('free'))} | ${usd(stored('premium'))} |
| once: countdown and archive | ${usd(archiving().total)} | |
| once: asked back, Expedited | ${usd(expedited)} | |
| once: asked back, Standard | ${usd(restoring(GENOME_VARIANTS, 'Standard').total)} | |

Archiving has paid for itself after ${Math.ceil((archiving().total / saved) * 30)} days. An Expedited retrieval, most of it the fee for asking, costs as much as
${(expedited / saved).toFixed(0)} months of what archiving saves, a Standard one ${((restoring(GENOME_VARIANTS, 'Standard').total / saved) * 30).toFixed(0)} days of it. Of what an archived genome costs, ${share(keeping(GENOME_VARIANTS, 'free', 2).lines['input'], stored('free'))} is its input, which
stays in S3 (Infrequent Access after 30 days).

| standing, a month | USD |
|---|--:|
${Object.entries(fixed.lines)
  .map(([name, amount]) => `| ${name} | ${usd(amount, 2)} |`)
  .join('\n')}
| **together** | **${usd(fixed.total, 2)}** |

| genomes a year | standing, a month | genomes, a month | together, a month | for each genome |
|--:|--:|--:|--:|--:|
${perYear.join('\n')}

Storage comes on top and grows: a million genomes kept are ${usd(stored('premium') * 1e6, 0)} a month at hand, ${usd(stored('free') * 1e6, 0)} archived.`;
}

function limitSection(): string {
  const rows = limits().map(({ part, takes, remedy }) => `| ${part} | ${takes} | ${remedy} |`);
  return `## Where it gets narrow

In the order in which a growing service meets it:

| part | can take | then |
|---|---|---|
${rows.join('\n')}`;
}

function splitSection(splits: Split[]): string {
  const rows = splits.map(
    ({ parts, annotateSeconds, copySeconds, hashSeconds, totalSeconds, speedUp, costRatio }) =>
      `| ${parts} | ${annotateSeconds.toFixed(0)} | ${copySeconds.toFixed(0)} | ${hashSeconds.toFixed(0)} | ${totalSeconds.toFixed(0)} | ${speedUp.toFixed(1)} | ${costRatio.toFixed(2)} |`,
  );
  const variants = LARGEST_INPUT / measured.inputBytesPerVariant;
  return `## One huge VCF over the fleet

A design with its arithmetic; **not built**. The largest upload is 5 GiB, some ${(variants / 1e6).toFixed(0)} million variants: half an hour on one
annotator, so it is worth it only when somebody waits for it.

1. **Plan.** One annotator claims the job as ever. It reads the head (header, assembly, reference: decided once, for
   all parts), and cuts the file at N − 1 places near equal offsets. No index is needed: at each place it reads 128 KiB,
   finds a BGZF block (magic, BSIZE, and the next block where BSIZE says), and in it the first line end. A part is
   (block offset, offset in the block) to the same of the next: exactly the lines that begin in it. A plain gzip file
   cannot be cut; it runs as today. With a \`.tbi\` the places can be chosen at contig ends.
2. **Fan out.** One transaction writes N part items (job, attempt, part, range) and N outbox rows (DynamoDB takes 100
   writes in one, so N ≤ 49; more take several, the last of which makes them count); parts are messages on the same queue, each with a lease of its own. The job stays RUNNING under the planner's lease.
3. **Annotate.** Each part reads its range, prefixed by the header; writes BGZF without the closing empty block, the
   header only in part 0, the empty block only in the last; and its index and summary, under the attempt's prefix.
4. **Join.** BGZF is closed under concatenation, so the result is an UploadPartCopy for each part, in order, all at once.
   S3's limits: ${PARTS.at(-1)} parts of ${mb(resultBytes(LARGEST_INPUT) / (PARTS.at(-1) ?? 1))} are far from 10,000, and each above the 5 MiB that all but the last must have
   (up to ${partsMax(resultBytes(LARGEST_INPUT)).toLocaleString('en')} of this file); what is above 5 GiB is copied in ranges (two parts: ${copies(resultBytes(LARGEST_INPUT), 2)} copies). Indexes join by adding each part's start × 2¹⁶ to its virtual offsets, and taking the
   smaller where two share a 16 kb window. Summaries are sums, log and warnings follow the order of parts; whether the
   file is sorted needs the first and last position of each part.
5. **Prove.** SHA-256 does not compose, and guarantee 9 compares the whole's: one reading of the joined object by the
   planner, ranges at once. It is what limits the gain. (A hash of the parts' hashes, as S3's composite checksums have,
   would make it nothing; it would change what “the result's SHA-256” means on the page.)
6. **Exactly once.** The last part to end (a count in the job's item, conditional) asks for the join; the join is one
   conditional COMPLETED with the attempt, as today. A planner that dies is followed by another, which finds the parts.

![time against parts](scale/split.svg)

| parts | annotating, s | copying, s | hashing, s | all, s | times as fast | times the cost |
|--:|--:|--:|--:|--:|--:|--:|
${rows.join('\n')}

Assumed: the slowest part takes 15 % longer than the mean, S3 copies each part at 250 MB/s, one instance reads 110 MB/s.
The price hardly changes; from ${firstWith(splits)} parts on, the hash takes longer than the annotation.`;
}

/** The first number of parts whose annotation is quicker than the hash of the whole. */
function firstWith(splits: readonly Split[]): number {
  return splits.find(({ hashSeconds, annotateSeconds }) => hashSeconds > annotateSeconds)?.parts ?? 0;
}

function resultBytes(inputBytes: number): number {
  return (inputBytes / measured.inputBytesPerVariant) * measured.resultBytesPerVariant;
}

function twoDays(outcome: Outcome | undefined, what: 'backlog' | 'instances'): [number, number][] {
  return sampled((outcome?.minutes ?? []).slice(0, 2 * 1440).map((minute, at) => [at / 60, minute[what]]));
}

/** At most 300 points, and the last. */
function sampled(points: readonly [number, number][]): [number, number][] {
  const every = Math.max(1, Math.ceil(points.length / 300));
  return points.filter((_, at) => at % every === 0 || at === points.length - 1);
}

function hours(seconds: number): string {
  return `${(seconds / 3600).toFixed(1)} h`;
}

function minutes(seconds: number): string {
  return (seconds / 60).toFixed(0);
}

function mb(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(share < 0.095 ? 1 : 0)} %`;
}

function usd(amount: number, digits = 5): string {
  return amount.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

function priceSection(): string {
  const rows = pricesFrom.map(
    ({ names, source }) => `| ${names.map((name) => `\`${name}\` ${prices[name]}`).join(', ')} | ${source} |`,
  );
  return `## Prices

USD, us-east-1, on demand, looked up on 2026-11-22 in stored copies of public pages; AWS' own list could not be reached.

| price | found in |
|---|---|
${rows.join('\n')}
`;
}
