/** Subscriptions after they were made: listed, described, changed. */
import { AwsError } from '../errors.ts';
import { ACCOUNT_ID } from '../service.ts';
import { isJsonObject } from '../wire/json.ts';
import type { QueryInput } from '../wire/query.ts';
import type { XmlValue } from '../wire/xml.ts';
import { checkFilterPolicy, type FilterPolicyScope } from './filter-policy.ts';
import {
  invalidParameter,
  page,
  requiredText,
  subscriptionOfRequest,
  subscriptionsOf,
  topicOfRequest,
  type Protocol,
  type Sns,
  type Subscription,
} from './state.ts';

/** ListSubscriptions. */
export function listSubscriptions(sns: Sns, input: QueryInput): XmlValue {
  return listing(subscriptionsOf(sns), input);
}

/** ListSubscriptionsByTopic. */
export function listSubscriptionsByTopic(sns: Sns, input: QueryInput): XmlValue {
  return listing(subscriptionsOf(sns, topicOfRequest(sns, input).arn), input);
}

/** GetSubscriptionAttributes. */
export function getSubscriptionAttributes(sns: Sns, input: QueryInput): XmlValue {
  const subscription = subscriptionOfRequest(sns, input);
  const { attributes } = subscription;
  const all = {
    SubscriptionArn: subscription.arn,
    TopicArn: subscription.topicArn,
    Protocol: subscription.protocol,
    Endpoint: subscription.endpoint,
    Owner: ACCOUNT_ID,
    PendingConfirmation: String(!subscription.confirmed),
    ConfirmationWasAuthenticated: String(subscription.protocol === 'sqs' || subscription.protocol === 'lambda'),
    RawMessageDelivery: 'false',
    ...(attributes['FilterPolicy'] !== undefined && { FilterPolicyScope: 'MessageAttributes' }),
    ...attributes,
  };
  return { Attributes: { entry: Object.entries(all).map(([key, value]) => ({ key, value })) } };
}

/** SetSubscriptionAttributes. An empty filter or redrive policy removes it. */
export function setSubscriptionAttributes(sns: Sns, input: QueryInput): void {
  const subscription = subscriptionOfRequest(sns, input);
  const name = requiredText(input, 'AttributeName');
  const value = input.rawText('AttributeValue') ?? '';
  const { [name]: _, ...others } = subscription.attributes;
  const removes = (name === 'FilterPolicy' || name === 'RedrivePolicy') && (value === '' || value === '{}');
  const attributes = removes ? others : { ...others, [name]: value };
  checkSubscriptionAttributes(subscription.protocol, attributes);
  sns.db
    .query('UPDATE sns_subscription SET attributes = ? WHERE arn = ?')
    .run(JSON.stringify(attributes), subscription.arn);
}

/** Checks attributes somebody wants a subscription to have. Throws InvalidParameter. */
export function checkSubscriptionAttributes(protocol: Protocol, attributes: Record<string, string>): void {
  const scope = attributes['FilterPolicyScope'] ?? 'MessageAttributes';
  if (!isScope(scope)) {
    const reason = `Invalid value [${scope}]. Please use either MessageBody or MessageAttributes`;
    throw invalidParameter('FilterPolicyScope:', reason);
  }
  for (const [name, value] of Object.entries(attributes)) {
    if (name === 'FilterPolicy') checkFilterPolicy(value, scope);
    else if (name === 'RedrivePolicy') deadLetterQueue(value);
    else if (name === 'RawMessageDelivery') checkRawDelivery(protocol, value);
    else if (name !== 'FilterPolicyScope') throw invalidParameter('AttributeName');
  }
}

/** How a subscription filters: its policy, if it has one, and what that looks at. */
export function filterOf(subscription: Subscription): { policy: string | undefined; scope: FilterPolicyScope } {
  const { FilterPolicy, FilterPolicyScope: scope } = subscription.attributes;
  return { policy: FilterPolicy, scope: scope === 'MessageBody' ? scope : 'MessageAttributes' };
}

/** The queue that takes what could not be delivered, from a RedrivePolicy. Throws InvalidParameter. */
export function deadLetterQueue(redrivePolicy: string): string {
  let policy: unknown;
  try {
    policy = JSON.parse(redrivePolicy);
  } catch {
    throw invalidParameter('RedrivePolicy:', 'failed to parse JSON.');
  }
  const arn = isJsonObject(policy) ? policy['deadLetterTargetArn'] : undefined;
  if (typeof arn === 'string' && arn.startsWith('arn:aws:sqs:')) return arn;
  throw invalidParameter('RedrivePolicy:', 'must contain a deadLetterTargetArn, the ARN of a queue');
}

function checkRawDelivery(protocol: Protocol, value: string): void {
  if (value !== 'true' && value !== 'false') throw invalidParameter('RawMessageDelivery:', `Invalid value [${value}].`);
  if (protocol === 'lambda' && value === 'true') {
    const message = 'Delivery protocol [lambda] does not support raw message delivery.';
    throw new AwsError('InvalidParameter', 400, `Invalid parameter: Attributes Reason: RawMessageDelivery: ${message}`);
  }
}

function isScope(value: string): value is FilterPolicyScope {
  return value === 'MessageAttributes' || value === 'MessageBody';
}

function listing(all: Subscription[], input: QueryInput): XmlValue {
  const { items, NextToken } = page(all, input);
  const member = items.map((subscription) => ({
    SubscriptionArn: subscription.confirmed ? subscription.arn : 'PendingConfirmation',
    TopicArn: subscription.topicArn,
    Protocol: subscription.protocol,
    Endpoint: subscription.endpoint,
    Owner: ACCOUNT_ID,
  }));
  return { Subscriptions: { member }, NextToken };
}
