/** Runs a program to its end and says what it cost: seconds on the wall, seconds of processor, memory at the highest. */
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';

export interface Cost {
  wallSeconds: number;
  /** User and system, all threads. */
  cpuSeconds: number;
  peakMegabytes: number;
}

export interface Command {
  words: readonly string[];
  /** Where standard output goes; nowhere when absent. */
  stdout?: string;
}

/**
 * GNU time, which starts the program from a small process of its own: the peak that Linux tells of a process is never
 * less than what the process had that started it.
 */
const TIME = '/usr/bin/time';

/** @throws Error when the program fails, with what it said. */
export async function measure({ words, stdout }: Command, scratch: string): Promise<Cost> {
  const report = `${scratch}/time.txt`;
  const timed = existsSync(TIME) ? [TIME, '-f', '%M', '-o', report, ...words] : [...words];
  const out = openSync(stdout ?? '/dev/null', 'w');
  const started = performance.now();
  const child = Bun.spawn(timed, { stdin: 'ignore', stdout: out, stderr: 'pipe' });
  const said = await new Response(child.stderr).text();
  const code = await child.exited;
  const wallSeconds = (performance.now() - started) / 1000;
  closeSync(out);
  const usage = child.resourceUsage();
  if (code !== 0 || usage === undefined) throw new Error(`${words.join(' ')} failed (${code}): ${said.slice(-2000)}`);
  const peak = existsSync(TIME) ? Number(readFileSync(report, 'utf8').trim()) * 1024 : usage.maxRSS;
  return { wallSeconds, cpuSeconds: Number(usage.cpuTime.total) / 1e6, peakMegabytes: peak / 1e6 };
}

export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}
