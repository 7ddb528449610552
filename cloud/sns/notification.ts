/**
 * What a subscriber is handed: the message in SNS's envelope, as queues and HTTP endpoints get it, and as functions do.
 * The embedded cloud has no certificate of AWS's, so its messages say that they are not signed.
 */
import type { MessageAttributes } from '../service.ts';
import type { Sns, Subscription } from './state.ts';

/** A message on its way to one subscription; what a delivery keeps. */
export interface Notification {
  type: 'Notification' | 'SubscriptionConfirmation';
  messageId: string;
  topicArn: string;
  subject?: string | undefined;
  message: string;
  attributes: MessageAttributes;
  /** When it was published, in ms. */
  publishedMs: number;
  /** Of a SubscriptionConfirmation. */
  token?: string;
}

const UNSIGNED = { SignatureVersion: '1', Signature: 'unsigned' };

/** The request that an HTTP endpoint confirm its subscription. */
export function confirmationRequest(sns: Sns, subscription: Subscription): Notification {
  return {
    type: 'SubscriptionConfirmation',
    messageId: crypto.randomUUID(),
    topicArn: subscription.topicArn,
    message:
      `You have chosen to subscribe to the topic ${subscription.topicArn}.\n` +
      'To confirm the subscription, visit the SubscribeURL included in this message.',
    attributes: {},
    publishedMs: sns.parts.clock.now(),
    token: subscription.token,
  };
}

/** The envelope for queues and HTTP endpoints. */
export function envelope(sns: Sns, subscription: Subscription, notification: Notification): string {
  const { token, topicArn } = notification;
  return JSON.stringify({
    Type: notification.type,
    MessageId: notification.messageId,
    ...(token !== undefined && { Token: token }),
    TopicArn: topicArn,
    ...(notification.subject !== undefined && { Subject: notification.subject }),
    Message: notification.message,
    ...(token !== undefined && {
      SubscribeURL: link(sns, { Action: 'ConfirmSubscription', TopicArn: topicArn, Token: token }),
    }),
    Timestamp: new Date(notification.publishedMs).toISOString(),
    ...UNSIGNED,
    SigningCertURL: certificateUrl(sns),
    ...(token === undefined && { UnsubscribeURL: unsubscribeUrl(sns, subscription) }),
    ...(Object.keys(notification.attributes).length > 0 && {
      MessageAttributes: typesAndValues(notification.attributes),
    }),
  });
}

/** The event for functions (Lambda Developer Guide, "Using AWS Lambda with Amazon SNS"). */
export function lambdaEvent(sns: Sns, subscription: Subscription, notification: Notification): unknown {
  return {
    Records: [
      {
        EventSource: 'aws:sns',
        EventVersion: '1.0',
        EventSubscriptionArn: subscription.arn,
        Sns: {
          Type: notification.type,
          MessageId: notification.messageId,
          TopicArn: notification.topicArn,
          Subject: notification.subject ?? null,
          Message: notification.message,
          Timestamp: new Date(notification.publishedMs).toISOString(),
          ...UNSIGNED,
          SigningCertUrl: certificateUrl(sns),
          UnsubscribeUrl: unsubscribeUrl(sns, subscription),
          MessageAttributes: typesAndValues(notification.attributes),
        },
      },
    ],
  };
}

function typesAndValues(attributes: MessageAttributes): Record<string, { Type: string; Value: string }> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, { DataType, StringValue, BinaryValue }]) => [
      name,
      { Type: DataType, Value: StringValue ?? BinaryValue ?? '' },
    ]),
  );
}

function unsubscribeUrl(sns: Sns, subscription: Subscription): string {
  return link(sns, { Action: 'Unsubscribe', SubscriptionArn: subscription.arn });
}

function link(sns: Sns, query: Record<string, string>): string {
  return `${sns.parts.url()}/?${new URLSearchParams(query).toString()}`;
}

function certificateUrl(sns: Sns): string {
  return `${sns.parts.url()}/SimpleNotificationService-unsigned.pem`;
}
