/**
 * Queue, annotators and the rule that makes them more or fewer, as a discrete-event simulation. An annotator has one
 * job in hand at a time. Backlog per annotator is what `deploy/fleet.ts` tracks: (waiting + in hand) / in service.
 * What is hard is that the rule sees the world a minute late, acts after three of those, and takes instances away that
 * may have a job in hand: that job goes back to the front of the queue, and its work is lost.
 */
import type { Random } from '../random.ts';
import { scaling } from './assumptions.ts';
import { Timeline } from './events.ts';

export interface Plan {
  /** When each job arrives, in seconds, ascending, and how long an annotator has it in hand. */
  jobs: readonly { atSeconds: number; seconds: number }[];
  min: number;
  max: number;
  /** Backlog per annotator that the group aims at. */
  target: number;
  /** Nothing is simulated after this. */
  endSeconds: number;
}

export interface Outcome {
  /** Seconds each job waited until its last start, in the order in which they ended. */
  waits: number[];
  /** When the last job ended. */
  lastSeconds: number;
  /** Instances are paid from launch to end. */
  instanceHours: number;
  /** The most that were in service at once. */
  instancesMost: number;
  /** Jobs taken from under an annotator's hands by scaling in. */
  handedBack: number;
  /** Backlog and instances in service, once a minute. */
  minutes: { backlog: number; instances: number }[];
}

interface Job {
  arrivedSeconds: number;
  seconds: number;
}

interface Instance {
  job: Job | null;
  startedSeconds: number;
  gone: boolean;
}

export function simulate(plan: Plan, random: Random): Outcome {
  const time = new Timeline();
  const queue: Job[] = [];
  /** Where the queue begins: jobs before it have been taken. */
  let head = 0;
  let starting = 0;
  let paidSeconds = 0;
  let service: Instance[] = [];
  const outcome: Outcome = {
    waits: [],
    lastSeconds: 0,
    instanceHours: 0,
    instancesMost: 0,
    handedBack: 0,
    minutes: [],
  };

  const give = (instance: Instance) => {
    const job = queue[head];
    if (!job || instance.job) return;
    head++;
    const waited = time.now - job.arrivedSeconds;
    instance.job = job;
    time.in(job.seconds, () => {
      if (instance.gone) return;
      instance.job = null;
      outcome.waits.push(waited);
      outcome.lastSeconds = time.now;
      give(instance);
    });
  };
  const start = (count: number, afterSeconds: number) => {
    for (let i = 0; i < count; i++) {
      starting++;
      const startedSeconds = time.now;
      time.in(afterSeconds, () => {
        starting--;
        const instance: Instance = { job: null, startedSeconds, gone: false };
        service.push(instance);
        outcome.instancesMost = Math.max(outcome.instancesMost, service.length);
        give(instance);
      });
    }
  };
  const end = (count: number) => {
    for (let i = 0; i < count; i++) {
      const [victim] = service.splice(random(service.length), 1);
      if (!victim) return;
      victim.gone = true;
      paidSeconds += time.now - victim.startedSeconds;
      if (!victim.job) continue;
      outcome.handedBack++;
      queue[--head] = victim.job;
      const free = service.find(({ job }) => job === null);
      if (free) give(free);
    }
  };
  const look = (minutesAbove: number, minutesBelow: number, seen: number) => {
    const backlog = queue.length - head + service.filter(({ job }) => job).length;
    outcome.minutes.push({ backlog, instances: service.length });
    const perInstance = seen / Math.max(1, service.length);
    const above = perInstance > plan.target ? minutesAbove + 1 : 0;
    const below = perInstance < plan.target * scaling.inBelow ? minutesBelow + 1 : 0;
    const wanted = Math.min(plan.max, Math.max(plan.min, Math.ceil((service.length * perInstance) / plan.target)));
    if (above >= scaling.outMinutes) start(Math.max(0, wanted - service.length - starting), scaling.startSeconds);
    const shrinks = below >= scaling.inMinutes && starting === 0 && wanted < service.length;
    if (shrinks) end(service.length - wanted);
    time.in(scaling.metricSeconds, () => look(above, shrinks ? 0 : below, backlog));
  };

  for (const { atSeconds, seconds } of plan.jobs) {
    time.in(atSeconds, () => {
      queue.push({ arrivedSeconds: atSeconds, seconds });
      const free = service.find(({ job }) => job === null);
      if (free) give(free);
    });
  }
  start(plan.min, 0);
  time.in(0, () => look(0, 0, 0));
  time.run(plan.endSeconds, () => outcome.waits.length === plan.jobs.length);
  for (const { startedSeconds } of service) paidSeconds += time.now - startedSeconds;
  outcome.instanceHours = paidSeconds / 3600;
  return outcome;
}

/** All at once, or as fast as they can be handed in. */
export function burst(count: number, perSecond: number, secondsOf: () => number): Plan['jobs'] {
  return Array.from({ length: count }, (_, i) => ({ atSeconds: i / perSecond, seconds: secondsOf() }));
}

/** People: by day three times as many as by night, at random in between (thinning a Poisson process). */
export function people(perDay: number, days: number, random: Random, secondsOf: () => number): Plan['jobs'] {
  const fraction = () => (random(2 ** 30) + 1) / 2 ** 30;
  const most = (perDay / 86_400) * 1.5;
  const jobs: { atSeconds: number; seconds: number }[] = [];
  for (let at = 0; ;) {
    at -= Math.log(fraction()) / most;
    if (at >= days * 86_400) return jobs;
    const share = 1 + 0.5 * Math.sin((2 * Math.PI * at) / 86_400);
    if (fraction() * 1.5 < share) jobs.push({ atSeconds: at, seconds: secondsOf() });
  }
}

/** The value below which the share `at` of the numbers lies. */
export function quantile(numbers: readonly number[], at: number): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(at * sorted.length))] ?? 0;
}
