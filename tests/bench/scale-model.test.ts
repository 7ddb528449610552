/** The model of docs/scale.md against what can be known without it; and the page against the model. */
import { expect, test } from 'bun:test';
import { randomFrom } from '../../bench/random.ts';
import { scaling, serviceSeconds } from '../../bench/scale-model/assumptions.ts';
import { annotating, keeping } from '../../bench/scale-model/cost.ts';
import { Timeline } from '../../bench/scale-model/events.ts';
import { burst, people, quantile, simulate } from '../../bench/scale-model/fleet.ts';
import { makePage } from '../../bench/scale-model/page.ts';
import { copies, partsMax, split } from '../../bench/scale-model/split.ts';

const fixed = (count: number) => ({ min: count, max: count, target: 10, endSeconds: 1e9 });

test('events happen in the order of their times, and of their making', () => {
  const time = new Timeline();
  const random = randomFrom(3);
  const happened: number[] = [];
  for (let i = 0; i < 500; i++) {
    const atSeconds = random(50);
    time.in(atSeconds, () => happened.push(atSeconds * 1000 + i));
  }
  time.run(1e9, () => false);
  expect(happened).toHaveLength(500);
  expect(happened).toEqual(happened.toSorted((a, b) => a - b));
});

test('jobs that are there at once are shared out, one after the other', () => {
  const jobs = burst(100, Infinity, () => 30);
  const outcome = simulate({ jobs, ...fixed(5) }, randomFrom(1));
  expect(outcome.lastSeconds).toBe(600);
  expect(outcome.instanceHours).toBeCloseTo((5 * 600) / 3600);
  expect(outcome.waits.toSorted((a, b) => a - b)).toEqual(
    Array.from({ length: 100 }, (_, i) => Math.floor(i / 5) * 30),
  );
});

test('random arrivals at one annotator wait as Pollaczek and Khinchine say', () => {
  const random = randomFrom(11);
  const utilisation = 0.6;
  const seconds = 30;
  // Without day and night: a Poisson process of its own.
  let at = 0;
  const jobs = Array.from({ length: 60_000 }, () => {
    at -= (Math.log((random(2 ** 30) + 1) / 2 ** 30) * seconds) / utilisation;
    return { atSeconds: at, seconds };
  });
  const { waits } = simulate({ jobs, ...fixed(1) }, random);
  const mean = waits.reduce((sum, wait) => sum + wait, 0) / waits.length;
  const expected = (utilisation * seconds) / (2 * (1 - utilisation));
  expect(Math.abs(mean / expected - 1)).toBeLessThan(0.05);
});

test('a group grows after three minutes of backlog and a start, and shrinks after fifteen of idleness', () => {
  const jobs = [...burst(1000, Infinity, () => 30), { atSeconds: 4 * 3600, seconds: 30 }];
  const outcome = simulate({ jobs, min: 1, max: 20, target: 10, endSeconds: 1e9 }, randomFrom(1));
  const grownMinute = outcome.minutes.findIndex(({ instances }) => instances > 1);
  const earliest = scaling.outMinutes + scaling.startSeconds / 60;
  expect(grownMinute).toBeGreaterThanOrEqual(earliest);
  expect(grownMinute).toBeLessThanOrEqual(earliest + 3);
  expect(outcome.instancesMost).toBe(20);
  expect(outcome.minutes.at(-1)?.instances).toBe(1);
  expect(outcome.waits).toHaveLength(1001);
});

test('no job is lost, however often instances are taken away', () => {
  const random = randomFrom(5);
  const jobs = people(2000, 3, random, () => 60);
  const outcome = simulate({ jobs, min: 1, max: 30, target: 1, endSeconds: 1e9 }, random);
  expect(outcome.handedBack).toBeGreaterThan(0);
  expect(outcome.waits).toHaveLength(jobs.length);
  expect(Math.min(...outcome.waits)).toBeGreaterThanOrEqual(0);
});

test('people come as often as they should, three times as often by day as by night', () => {
  const jobs = people(10_000, 20, randomFrom(2), () => 1);
  expect(Math.abs(jobs.length / 200_000 - 1)).toBeLessThan(0.01);
  const quarter = (from: number) =>
    jobs.filter(({ atSeconds }) => Math.abs((atSeconds % 86_400) / 86_400 - from) < 0.02).length;
  expect(quarter(0.25) / quarter(0.75)).toBeGreaterThan(2.7);
  expect(quarter(0.25) / quarter(0.75)).toBeLessThan(3.3);
});

test('a quantile is a value below which that share lies', () => {
  expect(quantile([3, 1, 2, 4], 0.5)).toBe(3);
  expect(quantile([3, 1, 2, 4], 0.99)).toBe(4);
  expect(quantile([], 0.5)).toBe(0);
});

test('twice the variants cost less than twice, and an archived result less than one at hand', () => {
  expect(serviceSeconds(2e6)).toBeLessThan(2 * serviceSeconds(1e6));
  expect(annotating(2e6).total).toBeGreaterThan(annotating(1e6).total);
  expect(keeping(5e6, 'free', 1).total).toBeLessThan(keeping(5e6, 'premium', 1).total);
});

test('a huge file is quicker in parts, never by more than their number, within S3’s limits', () => {
  const bytes = 5 * 2 ** 30;
  for (const parts of [2, 4, 8, 16, 32]) {
    const { speedUp, costRatio } = split(bytes, parts);
    expect(speedUp).toBeGreaterThan(split(bytes, parts / 2).speedUp);
    expect(speedUp).toBeLessThan(parts);
    expect(costRatio).toBeGreaterThan(1);
  }
  expect(partsMax(12 * 2 ** 20)).toBe(2);
  expect(partsMax(1)).toBe(1);
  expect(copies(11 * 2 ** 30, 2)).toBe(4);
});

test('docs/scale.md and its plots are what the model says', async () => {
  const docs = new URL('../../docs/', import.meta.url);
  const { markdown, plots } = makePage();
  expect(makePage().markdown).toBe(markdown);
  expect(await Bun.file(new URL('scale.md', docs)).text()).toBe(markdown);
  for (const [name, svg] of Object.entries(plots)) {
    expect(await Bun.file(new URL(`scale/${name}`, docs)).text()).toBe(svg);
    expect(markdown).toContain(`(scale/${name})`);
    expect(svg).not.toContain('NaN');
  }
});
