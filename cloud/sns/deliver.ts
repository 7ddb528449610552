/**
 * Deliveries to functions and HTTP endpoints. What is owed is a row, written in the transaction of the publish; it goes
 * when the endpoint took the message, is tried again with growing age, and at last is kept as failed, or handed to the
 * subscription's dead-letter queue. A kill at any moment leaves the row, so an endpoint may get a message twice.
 */
import { AwsError } from '../errors.ts';
import { envelope, lambdaEvent, type Notification } from './notification.ts';
import { findSubscription, type Protocol, type Sns, type Subscription } from './state.ts';
import { deadLetterQueue } from './subscriptions.ts';

/**
 * Seconds before each further try. HTTP: the default policy of SNS (Developer Guide, "Message delivery retries").
 * Functions: the two retries of an asynchronous invocation (Lambda Developer Guide, "How Lambda handles errors and
 * retries with asynchronous invocation").
 */
const RETRY_SECONDS: Record<Protocol, readonly number[]> = {
  sqs: [],
  lambda: [60, 120],
  http: [20, 20, 20],
  https: [20, 20, 20],
};

/** An HTTP endpoint has 15 seconds to answer. Real ones, whatever the clock of the cloud: this is a wire, not a rule. */
const HTTP_ANSWER_MS = 15_000;
const CONCURRENCY = 20;
/** Failed deliveries are kept as long as a dead-letter queue could. */
const FAILED_KEPT_MS = 14 * 24 * 3600 * 1000;

interface DeliveryRow {
  id: number;
  subscription_arn: string;
  message: string;
  attempts: number;
  next_ms: number;
}

/** Nothing will be gained by trying again. */
class PermanentFailure extends Error {}

/** Writes down that a subscription is owed a message. Belongs into the transaction of what caused it. */
export function owe(sns: Sns, subscription: Subscription, notification: Notification): void {
  sns.db
    .query('INSERT INTO sns_delivery (subscription_arn, message, next_ms) VALUES (?, ?, ?)')
    .run(subscription.arn, JSON.stringify(notification), sns.parts.clock.now());
  sns.deliverSoon();
}

/** A message that will not be delivered: to the dead-letter queue, if there is one, else kept as failed and reported. */
export function fail(sns: Sns, subscription: Subscription, notification: Notification, cause: unknown): void {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const redrivePolicy = subscription.attributes['RedrivePolicy'];
  if (redrivePolicy !== undefined) {
    try {
      const raw = subscription.attributes['RawMessageDelivery'] === 'true';
      const body = raw ? notification.message : envelope(sns, subscription, notification);
      sns.parts.bus.sendToQueue(deadLetterQueue(redrivePolicy), body, {
        ErrorCode: { DataType: 'String', StringValue: cause instanceof Error ? cause.name : 'Error' },
        ErrorMessage: { DataType: 'String', StringValue: reason || 'unknown' },
      });
      return;
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      sns.parts.report(`SNS could not use the dead-letter queue of ${subscription.arn}.`, error);
    }
  }
  const nowMs = sns.parts.clock.now();
  sns.db
    .query('INSERT INTO sns_delivery (subscription_arn, message, failed_ms, failure) VALUES (?, ?, ?, ?)')
    .run(subscription.arn, JSON.stringify(notification), nowMs, reason);
  sns.db.query('DELETE FROM sns_delivery WHERE failed_ms < ?').run(nowMs - FAILED_KEPT_MS);
  sns.parts.report(`SNS gave up delivering a message of ${subscription.topicArn} to ${subscription.endpoint}.`, cause);
}

/** Works off what is owed, as it falls due. */
export class Deliveries {
  readonly #inFlight = new Set<number>();
  readonly #stop = new AbortController();
  #cancelAlarm = () => {};

  constructor(private readonly sns: Sns) {}

  /** Starts what is due. Called when something is owed, when a time has come, and when a delivery has ended. */
  run(): void {
    if (this.#stop.signal.aborted) return;
    this.#cancelAlarm();
    const nowMs = this.sns.parts.clock.now();
    const idle = this.#owed().filter((row) => !this.#inFlight.has(row.id));
    const room = CONCURRENCY - this.#inFlight.size;
    const due = idle.filter((row) => row.next_ms <= nowMs).slice(0, room);
    for (const row of due) void this.#try(row);
    const next = idle.find((row) => row.next_ms > nowMs);
    if (next) this.#cancelAlarm = this.sns.parts.clock.at(next.next_ms, () => this.run());
  }

  stop(): void {
    this.#stop.abort();
    this.#cancelAlarm();
  }

  #owed(): DeliveryRow[] {
    return this.sns.db
      .query<DeliveryRow, [number]>('SELECT * FROM sns_delivery WHERE next_ms IS NOT NULL ORDER BY next_ms, id LIMIT ?')
      .all(2 * CONCURRENCY);
  }

  async #try(row: DeliveryRow): Promise<void> {
    this.#inFlight.add(row.id);
    const subscription = findSubscription(this.sns, row.subscription_arn);
    const notification = JSON.parse(row.message) as Notification;
    let failure: unknown;
    try {
      if (subscription) await this.#hand(subscription, notification);
    } catch (error) {
      failure = error ?? new Error('The function failed without a reason.');
    }
    this.#inFlight.delete(row.id);
    // Stopped in the middle: the row stays, and the delivery is made again at the next start.
    if (this.#stop.signal.aborted) return;
    if (failure === undefined || !subscription) this.#forget(row);
    else this.#failed(row, subscription, notification, failure);
    this.run();
  }

  async #hand(subscription: Subscription, notification: Notification): Promise<void> {
    if (subscription.protocol === 'lambda') {
      await this.sns.parts.bus.invoke(subscription.endpoint, lambdaEvent(this.sns, subscription, notification));
    } else {
      await post(this.sns, subscription, notification, this.#stop.signal);
    }
  }

  #failed(row: DeliveryRow, subscription: Subscription, notification: Notification, failure: unknown): void {
    const waitSeconds = RETRY_SECONDS[subscription.protocol][row.attempts];
    if (waitSeconds !== undefined && !(failure instanceof PermanentFailure)) {
      this.sns.db
        .query('UPDATE sns_delivery SET attempts = attempts + 1, next_ms = ? WHERE id = ?')
        .run(this.sns.parts.clock.now() + waitSeconds * 1000, row.id);
      return;
    }
    this.sns.db.transaction(() => {
      this.#forget(row);
      fail(this.sns, subscription, notification, failure);
    })();
  }

  #forget(row: DeliveryRow): void {
    this.sns.db.query('DELETE FROM sns_delivery WHERE id = ?').run(row.id);
  }
}

/** Posts to an HTTP endpoint, with the headers of the Developer Guide, "Parsing Amazon SNS message formats". */
async function post(
  sns: Sns,
  subscription: Subscription,
  notification: Notification,
  stop: AbortSignal,
): Promise<void> {
  const raw = subscription.attributes['RawMessageDelivery'] === 'true' && notification.type === 'Notification';
  const response = await fetch(subscription.endpoint, {
    method: 'POST',
    redirect: 'manual',
    signal: AbortSignal.any([stop, AbortSignal.timeout(HTTP_ANSWER_MS)]),
    headers: {
      'content-type': 'text/plain; charset=UTF-8',
      'user-agent': 'Amazon Simple Notification Service Agent',
      'x-amz-sns-message-type': notification.type,
      'x-amz-sns-message-id': notification.messageId,
      'x-amz-sns-topic-arn': notification.topicArn,
      ...(notification.type === 'Notification' && { 'x-amz-sns-subscription-arn': subscription.arn }),
      ...(raw && { 'x-amz-sns-rawdelivery': 'true' }),
    },
    body: raw ? notification.message : envelope(sns, subscription, notification),
  });
  await response.body?.cancel();
  if (response.ok) return;
  const message = `The endpoint answered ${response.status}.`;
  const permanent = response.status < 500 && response.status !== 429;
  throw permanent ? new PermanentFailure(message) : new Error(message);
}
