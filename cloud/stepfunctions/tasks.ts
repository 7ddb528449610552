/**
 * What a Task state can do. Sending a message and publishing are effects in the same database as the execution, so they
 * are committed with the step and happen exactly once; a function is called outside of it and may be called again.
 */
import { AwsError } from '../errors.ts';
import { functionError } from '../lambda/index.ts';
import { ACCOUNT_ID, type Bus } from '../service.ts';
import { checkedAttributes } from '../sqs/message-attributes.ts';
import { md5OfBody } from '../sqs/send-message.ts';
import { isObject, runtimeFailure, StatesError, type Json } from './failure.ts';

/** One piece of work, ready to be done. */
export type Work = {
  /** As the history names it: `sqs` and `sendMessage`, or the ARN of a function. */
  resourceType: string;
  resource: string;
  parameters: Json;
} & (
  | {
      /** Done within the transaction that records it. */
      effect: () => Json;
    }
  | {
      effect?: never;
      /** Done outside of any transaction. */
      call: () => Promise<Json>;
    }
);

type Parameters = { [name: string]: Json };

interface Effect {
  members: readonly string[];
  effect: (parameters: Parameters, bus: Bus, region: string) => Json;
}

interface Call {
  members: readonly string[];
  effect?: never;
  call: (parameters: Parameters, bus: Bus) => Promise<Json>;
}

const sendMessage: Effect = {
  members: ['QueueUrl', 'MessageBody', 'MessageAttributes', 'DelaySeconds'],
  effect({ QueueUrl: url, MessageBody: message = null, MessageAttributes, DelaySeconds: delay = null }, bus, region) {
    const name = /\/\d{12}\/([^/?#]+)$/.exec(String(url))?.[1];
    if (name === undefined) throw new AwsError('InvalidAddress', 404, `The address ${String(url)} is not valid.`);
    if (delay !== null && typeof delay !== 'number') throw runtimeFailure('DelaySeconds must be a number.');
    const body = textOf(message);
    const attributes = checkedAttributes(isObject(MessageAttributes) ? MessageAttributes : {});
    const arn = `arn:aws:sqs:${region}:${ACCOUNT_ID}:${name}`;
    return { MessageId: bus.sendToQueue(arn, body, attributes, delay ?? undefined), MD5OfMessageBody: md5OfBody(body) };
  },
};

const publish: Effect = {
  members: ['TopicArn', 'Message', 'Subject', 'MessageAttributes'],
  effect({ TopicArn: arn = null, Message: message = null, Subject: subject, MessageAttributes }, bus) {
    const attributes = checkedAttributes(isObject(MessageAttributes) ? MessageAttributes : {});
    const about = subject === undefined ? undefined : textOf(subject);
    return { MessageId: bus.publish(textOf(arn), textOf(message), about, attributes) };
  },
};

const invoke: Call = {
  members: ['FunctionName', 'Payload'],
  async call({ FunctionName: name = null, Payload: payload = {} }, bus) {
    const answer = await bus.invoke(textOf(name), payload);
    return { ExecutedVersion: '$LATEST', Payload: answer as Json, StatusCode: 200 };
  },
};

/** By resource; `errorPrefix` is what AWS puts before the names of errors. */
const INTEGRATIONS: Record<string, (Effect | Call) & { errorPrefix: string }> = {
  'arn:aws:states:::sqs:sendMessage': { ...sendMessage, errorPrefix: 'SQS' },
  'arn:aws:states:::sns:publish': { ...publish, errorPrefix: 'SNS' },
  'arn:aws:states:::lambda:invoke': { ...invoke, errorPrefix: 'Lambda' },
  'arn:aws:states:::aws-sdk:sqs:sendMessage': { ...sendMessage, errorPrefix: 'Sqs' },
  'arn:aws:states:::aws-sdk:sns:publish': { ...publish, errorPrefix: 'Sns' },
};

/** The resources carried, besides the ARNs of functions. */
export const RESOURCES: readonly string[] = Object.keys(INTEGRATIONS);

/** Whether a Task may name `resource`. */
export function isCarried(resource: string): boolean {
  return Object.hasOwn(INTEGRATIONS, resource) || isFunction(resource);
}

/** Readies a Task's work. Throws States.Runtime for parameters the integration does not have. */
export function workOf(resource: string, parameters: Json, bus: Bus, region: string): Work {
  const integration = INTEGRATIONS[resource];
  if (!integration) {
    const call = async () => (await bus.invoke(resource, parameters)) as Json;
    return { resourceType: 'lambda', resource, parameters, call: failingAs('Lambda', call) };
  }
  if (!isObject(parameters)) throw runtimeFailure(`${resource} needs an object of parameters.`);
  const unknown = Object.keys(parameters).find((name) => !integration.members.includes(name));
  if (unknown !== undefined) throw runtimeFailure(`The field '${unknown}' is not supported by ${resource}.`);
  const { errorPrefix } = integration;
  const [resourceType = '', action = ''] = resource.split(':').slice(-2);
  const named = { resourceType, resource: action, parameters };
  if (!integration.effect) return { ...named, call: failingAs(errorPrefix, () => integration.call(parameters, bus)) };
  const { effect } = integration;
  return {
    ...named,
    effect: () => {
      try {
        return effect(parameters, bus, region);
      } catch (error) {
        throw asFailure(errorPrefix, error);
      }
    },
  };
}

/** Whether the work is the plain call of a function, which the history tells in words of its own. */
export function isFunction(resource: string): boolean {
  return /^arn:aws:lambda:[\w-]+:\d{12}:function:[\w-]+$/.test(resource);
}

function failingAs(prefix: string, call: () => Promise<Json>): () => Promise<Json> {
  return async () => {
    try {
      return await call();
    } catch (error) {
      throw asFailure(prefix, error);
    }
  };
}

/** Errors of services get AWS's names, as in `SQS.QueueDoesNotExistException`; those of functions keep their own. */
function asFailure(prefix: string, error: unknown): StatesError {
  if (error instanceof StatesError) return error;
  if (error instanceof AwsError) {
    return new StatesError(`${prefix}.${error.code.replace(/Exception$/, '')}Exception`, error.message);
  }
  if (prefix !== 'Lambda') throw error;
  const described = functionError(error);
  return new StatesError(described.errorType, JSON.stringify(described));
}

/** A text as it is; any other value as JSON, as the integrations do with objects. */
function textOf(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
