/**
 * The messages between programs, with their parsers: parsed at the border, trusted inside. Each may also carry
 * `traceparent`, the step that sent it (`trace.ts`). Pure.
 */

export type Message =
  /** To the annotator: there is a job. */
  | { kind: 'job request'; job_id: string }
  /** To the archiver: a job was completed. */
  | { kind: 'job result'; job_id: string }
  /** To the archiver, when the grace is over. `archive_time` names the countdown, so that an outdated one is no order. */
  | { kind: 'archive request'; job_id: string; archive_time: string }
  /** To the archiver: a user left premium, so the grace of every result begins. */
  | { kind: 'user downgraded'; user_id: string }
  /** To thaw: every archived result of a user who became premium. */
  | { kind: 'thaw user'; user_id: string }
  /** To thaw: one archived result. */
  | { kind: 'thaw job'; job_id: string };

export type Kind = Message['kind'];

/** A message that is not one of ours; it can never be handled, only looked at by an operator. */
export class BadMessage extends Error {
  constructor(body: string, why: string) {
    super(`not a message of ours (${why}): ${body.slice(0, 200)}`);
    this.name = 'BadMessage';
  }
}

const fields: { [K in Kind]: readonly string[] } = {
  'job request': ['job_id'],
  'job result': ['job_id'],
  'archive request': ['job_id', 'archive_time'],
  'user downgraded': ['user_id'],
  'thaw user': ['user_id'],
  'thaw job': ['job_id'],
};

/** @throws BadMessage when `body` is no JSON, of another kind, or lacks a field */
export function parseMessage<K extends Kind>(body: string, ...kinds: readonly K[]): Extract<Message, { kind: K }> {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw new BadMessage(body, 'no JSON');
  }
  const record = value as Record<string, unknown> | null;
  const kind = kinds.find((one) => one === record?.['kind']);
  if (!record || !kind) throw new BadMessage(body, `expected ${kinds.join(' or ')}`);
  for (const name of fields[kind]) {
    if (typeof record[name] !== 'string' || record[name] === '') throw new BadMessage(body, `no ${name}`);
  }
  return record as unknown as Extract<Message, { kind: K }>;
}

/** What a message says of itself, as far as it can be read: operators and logs also see what is no message. */
export interface Subject {
  kind?: string;
  job_id?: string;
  user_id?: string;
  traceparent?: string;
}

export function subjectOf(body: string): Subject {
  try {
    const record = JSON.parse(body) as Record<string, unknown> | null;
    const words = ['kind', 'job_id', 'user_id', 'traceparent'].flatMap((name) =>
      typeof record?.[name] === 'string' ? [[name, record[name]]] : [],
    );
    return Object.fromEntries(words) as Subject;
  } catch {
    return {};
  }
}
