/** Metrics in the format Prometheus reads: exposition_formats.md, version 0.0.4. */
import { expect, test } from 'bun:test';
import { Metrics } from '../../jobs/metrics.ts';

/** The lines of one metric, without the comments. */
const linesOf = (metrics: Metrics, name: string) =>
  metrics
    .text()
    .split('\n')
    .filter((line) => line.startsWith(name));

test('counters add up under their labels', () => {
  const metrics = new Metrics();
  metrics.add('gas_jobs_ended_total', { status: 'COMPLETED' });
  metrics.add('gas_jobs_ended_total', { status: 'FAILED' });
  metrics.add('gas_jobs_ended_total', { status: 'COMPLETED' }, 2);
  expect(linesOf(metrics, 'gas_jobs_ended_total')).toEqual([
    'gas_jobs_ended_total{status="COMPLETED"} 3',
    'gas_jobs_ended_total{status="FAILED"} 1',
  ]);
});

test('a histogram counts what took at most so long, and all of it under +Inf', () => {
  const metrics = new Metrics();
  for (const seconds of [0.005, 0.03, 9_999]) metrics.observe('gas_message_seconds', { queue: 'q' }, seconds);
  const lines = linesOf(metrics, 'gas_message_seconds');
  expect(lines.slice(0, 3)).toEqual([
    'gas_message_seconds_bucket{queue="q",le="0.005"} 1',
    'gas_message_seconds_bucket{queue="q",le="0.025"} 1',
    'gas_message_seconds_bucket{queue="q",le="0.1"} 2',
  ]);
  expect(lines.slice(-4)).toEqual([
    'gas_message_seconds_bucket{queue="q",le="7200"} 2',
    'gas_message_seconds_bucket{queue="q",le="+Inf"} 3',
    'gas_message_seconds_sum{queue="q"} 9999.035',
    'gas_message_seconds_count{queue="q"} 3',
  ]);
});

test('what is forgotten is gone; what was never said is not there', () => {
  const metrics = new Metrics();
  metrics.set('gas_jobs', { attention: 'PENDING' }, 7);
  expect(linesOf(metrics, 'gas_jobs')).toEqual(['gas_jobs{attention="PENDING"} 7']);
  metrics.clear('gas_jobs');
  expect(metrics.text()).not.toContain('gas_jobs');
});

test('every line is one Prometheus reads, whatever a label says', () => {
  const metrics = new Metrics();
  metrics.set('gas_jobs', { attention: 'a "word"\\\nand more' }, 1.5);
  expect(linesOf(metrics, 'gas_jobs')).toEqual([String.raw`gas_jobs{attention="a \"word\"\\\nand more"} 1.5`]);
  const line =
    /^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{[a-z_]+="([^"\\\n]|\\["\\n])*"(,[a-z_]+="([^"\\\n]|\\["\\n])*")*\})? [\d.e+-]+)$/;
  for (const text of metrics.text().trimEnd().split('\n')) expect(text).toMatch(line);
});
