/** Everything on one page of CloudWatch: work waiting, work done, the fleet, the site, the archive, what broke. */
import type { Config } from '../jobs/config.ts';
import { groupName, type Fleet } from './fleet.ts';
import { fleetNames, type FleetName, type Site } from './stage.ts';
import type { Watched } from './watch.ts';

/** What a job goes through, as the programs' logs say it, and by whom. */
const milestones = {
  web: ['job submitted'],
  annotator: ['job completed', 'job failed'],
  archiver: ['result archived'],
  thaw: ['retrieval asked'],
} as const satisfies Record<FleetName, readonly string[]>;

/** Metric names with their dimensions, or arithmetic on others; an `id` is what arithmetic calls a metric. */
type Row = (string | { id?: string; visible?: boolean; expression?: string; label?: string })[];

interface Panel {
  title: string;
  stat: 'Sum' | 'Maximum' | 'Average' | 'p95';
  rows: Row[];
  /** A line across, e.g. what is aimed at. */
  line?: { label: string; value: number };
}

export function makeDashboard(config: Config, site: Site, watched: Watched, fleets: Record<FleetName, Fleet>): void {
  const { prefix, region } = config;
  for (const program of fleetNames) {
    new aws.cloudwatch.LogMetricFilter(`Milestones-${program}`, {
      name: `${prefix}-${program}-milestones`,
      logGroupName: fleets[program].logGroup.name,
      pattern: `{ ${milestones[program].map((event) => `($.event = "${event}")`).join(' || ')} }`,
      metricTransformation: {
        namespace: `gas/${prefix}`,
        name: 'Milestones',
        value: '1',
        dimensions: { event: '$.event' },
      },
    });
  }
  new aws.cloudwatch.Dashboard('Dashboard', {
    dashboardName: prefix,
    dashboardBody: $resolve(watched).apply((balanced) => {
      const widgets = panels(config, site, balanced).map(({ title, stat, rows, line }, at) => ({
        type: 'metric',
        x: (at % 3) * 8,
        y: Math.floor(at / 3) * 6,
        width: 8,
        height: 6,
        properties: {
          title,
          region,
          stat,
          period: 60,
          metrics: rows,
          ...(line ? { annotations: { horizontal: [line] } } : {}),
        },
      }));
      return JSON.stringify({ widgets });
    }),
  });
}

function panels(config: Config, site: Site, { balancer, targets }: { balancer: string; targets: string }): Panel[] {
  const { prefix, topology, archiveMachineArn } = config;
  const queues = Object.values(topology.queues);
  const visible = 'ApproximateNumberOfMessagesVisible';
  const ofQueues = (metric: string, names: string[]): Row[] =>
    names.map((name) => ['AWS/SQS', metric, 'QueueName', name]);
  const ofSite = (...metrics: string[]): Row[] =>
    metrics.map((metric) => ['AWS/ApplicationELB', metric, 'LoadBalancer', balancer, 'TargetGroup', targets]);
  const inService = (program: FleetName): Row => [
    'AWS/AutoScaling',
    'GroupInServiceInstances',
    'AutoScalingGroupName',
    groupName(config, program),
  ];
  const ours = (metric: string, dimension: string, values: readonly string[]): Row[] =>
    values.map((value) => [`gas/${prefix}`, metric, dimension, value]);
  const names = queues.map(({ name }) => name);
  const requests = topology.queues.jobRequests.name;
  const hidden = (id: string) => ({ id, visible: false });
  return [
    { title: 'Messages waiting', stat: 'Maximum', rows: ofQueues(visible, names) },
    {
      title: 'Age of the oldest message, s',
      stat: 'Maximum',
      rows: ofQueues('ApproximateAgeOfOldestMessage', names),
    },
    {
      title: 'Dead letters',
      stat: 'Maximum',
      rows: ofQueues(
        visible,
        queues.map(({ deadLetters }) => deadLetters),
      ),
    },
    {
      title: 'Jobs, waiting and running, for each annotator',
      stat: 'Average',
      rows: [
        ['AWS/SQS', visible, 'QueueName', requests, hidden('waiting')],
        ['AWS/SQS', 'ApproximateNumberOfMessagesNotVisible', 'QueueName', requests, hidden('running')],
        [...inService('annotator'), hidden('annotators')],
        [{ expression: '(waiting + running) / annotators', label: 'jobs for each annotator', id: 'backlog' }],
      ],
      line: { label: 'aimed at', value: site.backlogPerAnnotator },
    },
    { title: 'Instances in service', stat: 'Maximum', rows: fleetNames.map(inService) },
    {
      title: 'Jobs submitted, completed, failed; results archived, asked back',
      stat: 'Sum',
      rows: ours('Milestones', 'event', Object.values(milestones).flat()),
    },
    { title: 'Requests and 5xx', stat: 'Sum', rows: ofSite('RequestCount', 'HTTPCode_Target_5XX_Count') },
    { title: 'Response time, p95, s', stat: 'p95', rows: ofSite('TargetResponseTime') },
    { title: 'Faults in the logs', stat: 'Sum', rows: ours('Faults', 'program', fleetNames) },
    {
      title: 'Restores and their errors',
      stat: 'Sum',
      rows: ['Invocations', 'Errors'].map((metric) => ['AWS/Lambda', metric, 'FunctionName', topology.restoreFunction]),
    },
    {
      title: 'Countdowns begun, ended, failed',
      stat: 'Sum',
      rows: ['ExecutionsStarted', 'ExecutionsSucceeded', 'ExecutionsFailed'].map((metric) => [
        'AWS/States',
        metric,
        'StateMachineArn',
        archiveMachineArn,
      ]),
    },
    {
      title: 'Writes and reads that DynamoDB refused',
      stat: 'Sum',
      rows: ['WriteThrottleEvents', 'ReadThrottleEvents'].map((metric) => [
        'AWS/DynamoDB',
        metric,
        'TableName',
        topology.tables.annotations.name,
      ]),
    },
  ];
}
