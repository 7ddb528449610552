/**
 * What is watched: an alarm for everything an operator has to act on, each with a section of the same name in
 * docs/operations.md; a budget. The dashboard: `dashboard.ts`.
 */
import type { Config } from '../jobs/config.ts';
import { groupName, type Fleet } from './fleet.ts';
import { fleetNames, type FleetName } from './stage.ts';

interface Alarm {
  /** Its heading in the runbook. */
  name: string;
  /** What it is about, where there are several. */
  subject: string;
  namespace: string;
  metric: string;
  dimensions: Record<string, $util.Input<string>>;
  statistic: string;
  periodSeconds: number;
  /** How many periods in a row. */
  periods: number;
  /** Raised when the metric is above, or for `below` under it. */
  threshold: number;
  below?: boolean;
}

/** The load balancer and what is behind it, as their metrics name them. */
export interface Watched {
  balancer: $util.Output<string>;
  targets: $util.Output<string>;
}

const MINUTE = 60;
const HOUR = 3600;

function alarms(config: Config, { balancer, targets }: Watched): Alarm[] {
  const { topology, prefix, archiveMachineArn } = config;
  const { queues, tables } = topology;
  const each = { statistic: 'Maximum', periodSeconds: 5 * MINUTE, periods: 1 };
  const deadLetters = Object.values(queues).map(({ deadLetters: QueueName }) => ({
    name: 'dead-letters',
    subject: QueueName,
    namespace: 'AWS/SQS',
    metric: 'ApproximateNumberOfMessagesVisible',
    dimensions: { QueueName },
    ...each,
    threshold: 0,
  }));
  const waitingSeconds: Record<keyof typeof queues, number> = {
    jobRequests: HOUR,
    jobResults: HOUR / 2,
    archiveRequests: HOUR,
    // A request stays until its result is home; a Standard retrieval takes five hours.
    thawRequests: 12 * HOUR,
  };
  const oldest = Object.entries(queues).map(([key, { name: QueueName }]) => ({
    name: 'queue-stuck',
    subject: QueueName,
    namespace: 'AWS/SQS',
    metric: 'ApproximateAgeOfOldestMessage',
    dimensions: { QueueName },
    ...each,
    threshold: waitingSeconds[key as keyof typeof queues],
  }));
  const missing = fleetNames.map((program) => ({
    name: 'no-instance',
    subject: program,
    namespace: 'AWS/AutoScaling',
    metric: 'GroupInServiceInstances',
    dimensions: { AutoScalingGroupName: groupName(config, program) },
    statistic: 'Maximum',
    periodSeconds: MINUTE,
    periods: 10,
    threshold: 1,
    below: true,
  }));
  const faults = fleetNames.map((program) => ({
    name: 'faults-in-log',
    subject: program,
    namespace: `gas/${prefix}`,
    metric: 'Faults',
    dimensions: { program },
    statistic: 'Sum',
    periodSeconds: 15 * MINUTE,
    periods: 1,
    threshold: 10,
  }));
  const site = { LoadBalancer: balancer, TargetGroup: targets };
  return [
    ...deadLetters,
    ...oldest,
    ...missing,
    ...faults,
    {
      name: 'site-errors',
      subject: 'site',
      namespace: 'AWS/ApplicationELB',
      metric: 'HTTPCode_Target_5XX_Count',
      dimensions: site,
      statistic: 'Sum',
      periodSeconds: 5 * MINUTE,
      periods: 1,
      threshold: 5,
    },
    {
      name: 'site-slow',
      subject: 'site',
      namespace: 'AWS/ApplicationELB',
      metric: 'TargetResponseTime',
      dimensions: site,
      statistic: 'p95',
      periodSeconds: 5 * MINUTE,
      periods: 3,
      threshold: 2,
    },
    {
      name: 'site-unhealthy',
      subject: 'site',
      namespace: 'AWS/ApplicationELB',
      metric: 'HealthyHostCount',
      dimensions: site,
      statistic: 'Minimum',
      periodSeconds: MINUTE,
      periods: 3,
      threshold: 1,
      below: true,
    },
    {
      name: 'restore-failing',
      subject: topology.restoreFunction,
      namespace: 'AWS/Lambda',
      metric: 'Errors',
      dimensions: { FunctionName: topology.restoreFunction },
      statistic: 'Sum',
      periodSeconds: 15 * MINUTE,
      periods: 1,
      threshold: 2,
    },
    {
      name: 'countdown-failing',
      subject: topology.archiveMachine,
      namespace: 'AWS/States',
      metric: 'ExecutionsFailed',
      dimensions: { StateMachineArn: archiveMachineArn },
      statistic: 'Sum',
      periodSeconds: 15 * MINUTE,
      periods: 1,
      threshold: 0,
    },
    {
      name: 'table-throttled',
      subject: tables.annotations.name,
      namespace: 'AWS/DynamoDB',
      metric: 'WriteThrottleEvents',
      dimensions: { TableName: tables.annotations.name },
      statistic: 'Sum',
      periodSeconds: 5 * MINUTE,
      periods: 2,
      threshold: 10,
    },
  ];
}

export function makeAlarms(
  config: Config,
  {
    email,
    key,
    watched,
    fleets,
  }: { email: string; key: aws.kms.Key; watched: Watched; fleets: Record<FleetName, Fleet> },
): void {
  const { prefix } = config;
  const topic = new aws.sns.Topic('Alarms', { name: `${prefix}_alarms`, kmsMasterKeyId: key.arn });
  new aws.sns.TopicSubscription('AlarmMail', { topic: topic.arn, protocol: 'email', endpoint: email });
  for (const program of fleetNames) {
    new aws.cloudwatch.LogMetricFilter(`Faults-${program}`, {
      name: `${prefix}-${program}-faults`,
      logGroupName: fleets[program].logGroup.name,
      pattern: '{ $.level = "fault" }',
      metricTransformation: {
        namespace: `gas/${prefix}`,
        name: 'Faults',
        value: '1',
        dimensions: { program: '$.program' },
      },
    });
  }
  for (const alarm of alarms(config, watched)) {
    const { name, subject, statistic, below } = alarm;
    new aws.cloudwatch.MetricAlarm(`Alarm-${name}-${subject}`, {
      name: `${prefix}-${name}-${subject}`,
      alarmDescription: `See '${name}' in the runbook, docs/operations.md.`,
      namespace: alarm.namespace,
      metricName: alarm.metric,
      dimensions: alarm.dimensions,
      ...(statistic.startsWith('p') ? { extendedStatistic: statistic } : { statistic }),
      period: alarm.periodSeconds,
      evaluationPeriods: alarm.periods,
      threshold: alarm.threshold,
      comparisonOperator: below ? 'LessThanThreshold' : 'GreaterThanThreshold',
      treatMissingData: below ? 'breaching' : 'notBreaching',
      alarmActions: [topic.arn],
      okActions: [topic.arn],
    });
  }
}

/** Says by mail when the month is going to cost more than was meant. */
export function makeBudget({ prefix }: Config, email: string, usd: number): void {
  const notice = (notificationType: string, threshold: number) => ({
    notificationType,
    threshold,
    thresholdType: 'PERCENTAGE',
    comparisonOperator: 'GREATER_THAN',
    subscriberEmailAddresses: [email],
  });
  new aws.budgets.Budget('Budget', {
    name: `${prefix}-month`,
    budgetType: 'COST',
    timeUnit: 'MONTHLY',
    limitAmount: String(usd),
    limitUnit: 'USD',
    notifications: [notice('ACTUAL', 80), notice('FORECASTED', 100)],
  });
}
