/** SNS, standard topics: the query protocol, an operation a function. Deliveries run beside, from rows. */
import { AwsError } from '../errors.ts';
import type { Bus, Parts, Service } from '../service.ts';
import { answerQuery, queryError, type QueryOperations } from '../wire/query.ts';
import { Deliveries } from './deliver.ts';
import { publish, publishBatch, publishToTopic } from './publish.ts';
import { createTables, topicByArn, type Sns } from './state.ts';
import { confirmSubscription, subscribe, unsubscribe } from './subscribe.ts';
import {
  getSubscriptionAttributes,
  listSubscriptions,
  listSubscriptionsByTopic,
  setSubscriptionAttributes,
} from './subscriptions.ts';
import {
  createTopic,
  deleteTopic,
  getTopicAttributes,
  listTagsForResource,
  listTopics,
  setTopicAttributes,
  tagResource,
  untagResource,
} from './topics.ts';

const NAMESPACE = 'http://sns.amazonaws.com/doc/2010-03-31/';

/** SNS on the embedded cloud, and its part of the bus. */
export function createSns(parts: Parts): Service & Pick<Bus, 'publish'> {
  const sns: Sns = { parts, db: parts.store.db, deliverSoon: () => queueMicrotask(() => deliveries.run()) };
  createTables(sns.db);
  const deliveries = new Deliveries(sns);

  const operations: QueryOperations = {
    ConfirmSubscription: (input) => confirmSubscription(sns, input),
    CreateTopic: (input) => createTopic(sns, input),
    DeleteTopic: (input) => deleteTopic(sns, input),
    GetSubscriptionAttributes: (input) => getSubscriptionAttributes(sns, input),
    GetTopicAttributes: (input) => getTopicAttributes(sns, input),
    ListSubscriptions: (input) => listSubscriptions(sns, input),
    ListSubscriptionsByTopic: (input) => listSubscriptionsByTopic(sns, input),
    ListTagsForResource: (input) => listTagsForResource(sns, input),
    ListTopics: (input) => listTopics(sns, input),
    Publish: (input) => publish(sns, input),
    PublishBatch: (input) => publishBatch(sns, input),
    SetSubscriptionAttributes: (input) => setSubscriptionAttributes(sns, input),
    SetTopicAttributes: (input) => setTopicAttributes(sns, input),
    Subscribe: (input) => subscribe(sns, input),
    TagResource: (input) => tagResource(sns, input),
    Unsubscribe: (input) => unsubscribe(sns, input),
    UntagResource: (input) => untagResource(sns, input),
  };

  return {
    handle: (request) => answerQuery('SNS', NAMESPACE, operations, request),

    error(error, request) {
      const known =
        error instanceof AwsError ? error : new AwsError('InternalError', 500, 'The embedded cloud failed.');
      return queryError(known, NAMESPACE, request);
    },

    start: () => deliveries.run(),
    stop: () => deliveries.stop(),

    publish(topicArn, message, subject, attributes = {}) {
      return publishToTopic(sns, topicByArn(sns, topicArn), { message, subject, attributes });
    },
  };
}
