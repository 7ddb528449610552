/** PutBucketNotificationConfiguration and its reading. Destinations are tried with a test event, as AWS does. */
import { AwsError } from '../errors.ts';
import { configuration, configure, findBucket } from './buckets.ts';
import { readDocument } from './document.ts';
import { notificationElements, readNotifications, type Notification } from './notifications.ts';
import { xmlResponse, type S3, type S3Request } from './s3.ts';

export async function putBucketNotificationConfiguration(s3: S3, request: S3Request): Promise<Response> {
  findBucket(s3, request.bucket);
  const notifications = readNotifications(await readDocument(request, 'NotificationConfiguration'));
  const isTried = request.headers.get('x-amz-skip-destination-validation')?.toLowerCase() !== 'true';
  s3.db.transaction(() => {
    findBucket(s3, request.bucket);
    if (isTried) for (const notification of notifications) tryDestination(s3, request, notification);
    configure(s3, request.bucket, 'notification', notifications);
  })();
  return new Response(null);
}

export function getBucketNotificationConfiguration(s3: S3, { bucket }: S3Request): Response {
  findBucket(s3, bucket);
  return xmlResponse('NotificationConfiguration', notificationElements(notificationsOf(s3, bucket)));
}

/** What a bucket is configured to tell. */
export function notificationsOf(s3: S3, bucket: string): readonly Notification[] {
  return configuration<Notification[]>(s3, bucket, 'notification') ?? [];
}

/** Queues and topics get `s3:TestEvent`; a function is not called. Throws InvalidArgument when it cannot be reached. */
function tryDestination({ parts }: S3, { bucket, requestId }: S3Request, { kind, destination }: Notification): void {
  const service = { Topic: 'sns', Queue: 'sqs', CloudFunction: 'lambda' }[kind];
  const event = JSON.stringify({
    Service: 'Amazon S3',
    Event: 's3:TestEvent',
    Time: new Date(parts.clock.now()).toISOString(),
    Bucket: bucket,
    RequestId: requestId,
    HostId: requestId,
  });
  try {
    if (!destination.startsWith(`arn:aws:${service}:${parts.region}:`))
      throw new AwsError('InvalidArgument', 400, 'The ARN is not well formed');
    if (kind === 'Topic') parts.bus.publish(destination, event, 'Amazon S3 Notification');
    if (kind === 'Queue') parts.bus.sendToQueue(destination, event);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw new AwsError('InvalidArgument', 400, 'Unable to validate the following destination configurations', {
      ArgumentName: destination,
      ArgumentValue: error.message,
    });
  }
}
