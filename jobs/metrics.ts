/**
 * What a program counts and times, in Prometheus' text format (version 0.0.4). Every metric of the service stands in
 * one table, so that the table is also their documentation; a name that is not in it does not compile.
 */

const seconds = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800, 7200] as const;

const families = {
  gas_build_info: { type: 'gauge', help: 'Always 1; which program, version and commit this is.' },
  gas_http_request_seconds: { type: 'histogram', help: 'Time to answer, by method, route and status.' },
  gas_message_seconds: {
    type: 'histogram',
    help: 'Time a message was in hand, by queue and outcome: done, again (asked for later), failed.',
  },
  gas_messages_in_hand: { type: 'gauge', help: 'Messages being handled by this program, by queue.' },
  gas_jobs_ended_total: { type: 'counter', help: 'Jobs this annotator brought to an end, by status.' },
  gas_variants_annotated_total: { type: 'counter', help: 'Variants in the results of this annotator.' },
  gas_service_up: { type: 'gauge', help: '1 when table and queues could be asked for the gauges below.' },
  gas_jobs: {
    type: 'gauge',
    help: 'Jobs for which something is still to happen, by what it is; not counted further than 10000.',
  },
  gas_jobs_oldest_seconds: {
    type: 'gauge',
    help: 'Since when the oldest of them was submitted, by what it waits for.',
  },
  gas_queue_messages: {
    type: 'gauge',
    help: 'Messages in a queue, dead-letter queues among them, by state: visible, in flight, delayed.',
  },
  process_start_time_seconds: { type: 'gauge', help: 'When the program started, in seconds since 1970.' },
  process_resident_memory_bytes: { type: 'gauge', help: 'Memory in use.' },
  process_cpu_seconds_total: { type: 'counter', help: 'Processor time, of user and system.' },
} as const satisfies Record<string, { type: 'counter' | 'gauge' | 'histogram'; help: string }>;

export type MetricName = keyof typeof families;
export type Labels = Readonly<Record<string, string | number>>;

interface Sample {
  labels: Labels;
  value: number;
  /** Of a histogram: observations in each bucket, not added up; `value` is their sum, this their number. */
  buckets?: number[];
  count: number;
}

export class Metrics {
  readonly #samples = new Map<MetricName, Map<string, Sample>>();

  /** Adds to a counter or gauge. */
  add(name: MetricName, labels: Labels = {}, by = 1): void {
    this.#sample(name, labels).value += by;
  }

  /** Sets a gauge. */
  set(name: MetricName, labels: Labels, value: number): void {
    this.#sample(name, labels).value = value;
  }

  /** Takes a time into a histogram, in seconds. */
  observe(name: MetricName, labels: Labels, value: number): void {
    const sample = this.#sample(name, labels);
    sample.buckets ??= seconds.map(() => 0);
    const bucket = seconds.findIndex((most) => value <= most);
    if (bucket >= 0) sample.buckets[bucket] = (sample.buckets[bucket] ?? 0) + 1;
    sample.value += value;
    sample.count++;
  }

  /** Forgets a metric's values: better none than old ones. */
  clear(name: MetricName): void {
    this.#samples.delete(name);
  }

  /** Everything, as Prometheus reads it. */
  text(): string {
    const usage = process.cpuUsage();
    this.set('process_start_time_seconds', {}, performance.timeOrigin / 1000);
    this.set('process_resident_memory_bytes', {}, process.memoryUsage.rss());
    this.set('process_cpu_seconds_total', {}, (usage.user + usage.system) / 1e6);
    return (Object.keys(families) as MetricName[]).flatMap((name) => this.#family(name)).join('');
  }

  #sample(name: MetricName, labels: Labels): Sample {
    const samples = this.#samples.get(name) ?? new Map<string, Sample>();
    this.#samples.set(name, samples);
    const key = say(labels);
    const sample = samples.get(key) ?? { labels, value: 0, count: 0 };
    samples.set(key, sample);
    return sample;
  }

  #family(name: MetricName): string[] {
    const samples = [...(this.#samples.get(name)?.values() ?? [])];
    if (samples.length === 0) return [];
    const { type, help } = families[name];
    const lines = samples.flatMap((sample) =>
      type === 'histogram' ? histogram(name, sample) : [`${name}${say(sample.labels)} ${sample.value}\n`],
    );
    return [`# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`, ...lines];
  }
}

function histogram(name: string, { labels, value, buckets = [], count }: Sample): string[] {
  let upTo = 0;
  const lines = seconds.map((most, i) => {
    upTo += buckets[i] ?? 0;
    return `${name}_bucket${say({ ...labels, le: most })} ${upTo}\n`;
  });
  return [
    ...lines,
    `${name}_bucket${say({ ...labels, le: '+Inf' })} ${count}\n`,
    `${name}_sum${say(labels)} ${value}\n`,
    `${name}_count${say(labels)} ${count}\n`,
  ];
}

/** `{route="/annotations",status="200"}`; nothing for no labels. */
function say(labels: Labels): string {
  const words = Object.entries(labels).map(([name, value]) => `${name}="${escape(String(value))}"`);
  return words.length > 0 ? `{${words.join(',')}}` : '';
}

function escape(value: string): string {
  return value.replace(/[\\"\n]/g, (sign) => (sign === '\n' ? '\\n' : `\\${sign}`));
}
