/** SNS: publish. Subscriptions deliver raw, so that a queue holds the message itself. */
import { PublishCommand } from '@aws-sdk/client-sns';
import type { Aws } from './clients.ts';

export async function publish(aws: Aws, topicArn: string, message: string): Promise<void> {
  await aws.sns.send(new PublishCommand({ TopicArn: topicArn, Message: message }));
}
