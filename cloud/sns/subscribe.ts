/**
 * Subscribe, ConfirmSubscription, Unsubscribe. Queues and functions of the account are confirmed at once; an HTTP
 * endpoint is sent a token, and gets messages when the token came back.
 */
import type { QueryInput } from '../wire/query.ts';
import type { XmlValue } from '../wire/xml.ts';
import { owe } from './deliver.ts';
import { confirmationRequest } from './notification.ts';
import {
  findSubscription,
  invalidParameter,
  PROTOCOLS,
  requiredText,
  subscriptionsOf,
  topicOfRequest,
  type Protocol,
  type Sns,
  type Subscription,
} from './state.ts';
import { checkSubscriptionAttributes } from './subscriptions.ts';

/** A token is good for two days. */
const TOKEN_LIFE_MS = 2 * 24 * 3600 * 1000;

/** Subscribe: the same subscription asked for again is no error, and sends a new confirmation if that is pending. */
export function subscribe(sns: Sns, input: QueryInput): XmlValue {
  const topic = topicOfRequest(sns, input);
  const protocol = protocolOf(requiredText(input, 'Protocol'));
  const endpoint = requiredText(input, 'Endpoint');
  const expected = { sqs: /^arn:aws:sqs:/, lambda: /^arn:aws:lambda:/, http: /^http:\/\/./, https: /^https:\/\/./ };
  if (!expected[protocol].test(endpoint)) {
    throw invalidParameter('Endpoint', `Reason: Endpoint must match the protocol ${protocol}`);
  }
  const attributes = input.map('Attributes');
  checkSubscriptionAttributes(protocol, attributes);

  const existing = subscriptionsOf(sns, topic.arn).find(
    (other) => other.protocol === protocol && other.endpoint === endpoint,
  );
  if (existing) {
    const differs = Object.entries(attributes).some(([key, value]) => existing.attributes[key] !== value);
    if (differs) throw invalidParameter('Attributes', 'Reason: Subscription already exists with different attributes');
    if (!existing.confirmed) owe(sns, existing, confirmationRequest(sns, existing));
    return answer(existing, input);
  }

  const subscription: Subscription = {
    arn: `${topic.arn}:${crypto.randomUUID()}`,
    topicArn: topic.arn,
    protocol,
    endpoint,
    attributes,
    confirmed: protocol === 'sqs' || protocol === 'lambda',
    token: Buffer.from(crypto.getRandomValues(new Uint8Array(64))).toString('hex'),
    createdMs: sns.parts.clock.now(),
  };
  sns.db.transaction(() => {
    sns.db
      .query('INSERT INTO sns_subscription VALUES (?, ?, ?, ?, ?, ?, ?, ?)')
      .run(
        subscription.arn,
        topic.arn,
        protocol,
        endpoint,
        JSON.stringify(attributes),
        Number(subscription.confirmed),
        subscription.token,
        subscription.createdMs,
      );
    if (!subscription.confirmed) owe(sns, subscription, confirmationRequest(sns, subscription));
  })();
  return answer(subscription, input);
}

/** ConfirmSubscription. */
export function confirmSubscription(sns: Sns, input: QueryInput): XmlValue {
  const topic = topicOfRequest(sns, input);
  const token = requiredText(input, 'Token');
  const subscription = subscriptionsOf(sns, topic.arn).find((other) => other.token === token);
  const bestBeforeMs = sns.parts.clock.now() - TOKEN_LIFE_MS;
  if (!subscription || (!subscription.confirmed && subscription.createdMs < bestBeforeMs))
    throw invalidParameter('Token');
  sns.db.query('UPDATE sns_subscription SET confirmed = 1 WHERE arn = ?').run(subscription.arn);
  return { SubscriptionArn: subscription.arn };
}

/** Unsubscribe: what was still owed to the subscription is forgotten. */
export function unsubscribe(sns: Sns, input: QueryInput): void {
  const arn = requiredText(input, 'SubscriptionArn');
  if (!/^arn:aws:sns:[\w-]+:\d{12}:[\w-]+:[\da-f-]{36}$/.test(arn)) {
    throw invalidParameter('SubscriptionArn', 'Reason: An ARN must have at least 6 elements, not 1');
  }
  if (findSubscription(sns, arn)) sns.db.query('DELETE FROM sns_subscription WHERE arn = ?').run(arn);
}

function answer(subscription: Subscription, input: QueryInput): XmlValue {
  const told = subscription.confirmed || input.text('ReturnSubscriptionArn') === 'true';
  return { SubscriptionArn: told ? subscription.arn : 'pending confirmation' };
}

function protocolOf(name: string): Protocol {
  const protocol = PROTOCOLS.find((each) => each === name);
  if (!protocol) throw invalidParameter('Protocol', `The embedded cloud delivers to ${PROTOCOLS.join(', ')} only.`);
  return protocol;
}
