/**
 * Traces: which step of which request a line of the log belongs to, across programs (W3C Trace Context). Every step is
 * handed a context of its own, whose log says where it belongs; every message says which step sent it. What is hard is
 * that a trace crosses SNS, SQS, the outbox and a countdown of days: it travels in the message itself, which all of
 * them keep (docs/decisions/051).
 */
import type { Gas } from './gas.ts';

/** Where a step stands: in which trace, as which span; hex, of 16 and 8 bytes. */
export interface SpanContext {
  traceId: string;
  spanId: string;
}

/** A step that is over. */
export interface Span extends SpanContext {
  /** The span it was called from. */
  parentId?: string;
  name: string;
  kind: 'server' | 'consumer';
  startMs: number;
  endMs: number;
  fields: Record<string, unknown>;
  failed: boolean;
}

export interface Step {
  name: string;
  kind: Span['kind'];
  /** `traceparent` of whoever asked, as it came; a trace begins here when it says nothing. */
  parent: string | undefined;
  /** For every line the step logs. */
  fields: Record<string, unknown>;
}

/** Begins a step: the context to do it with, and how to say that it is over. */
export function beginStep(
  gas: Gas,
  { name, kind, parent, fields }: Step,
): { gas: Gas; end(failed: boolean, more?: { name?: string; fields?: Record<string, unknown> }): void } {
  const from = parseTraceparent(parent);
  const span: SpanContext = { traceId: from?.traceId ?? hex(gas, 16), spanId: hex(gas, 8) };
  const startMs = gas.now();
  const log = gas.log.with({ trace_id: span.traceId, span_id: span.spanId, ...fields });
  return {
    gas: { ...gas, log, span },
    end(failed, more = {}) {
      const parentId = from ? { parentId: from.spanId } : {};
      gas.spanEnded?.({
        ...span,
        ...parentId,
        name: more.name ?? name,
        kind,
        startMs,
        endMs: gas.now(),
        fields: { ...fields, ...more.fields },
        failed,
      });
    },
  };
}

/** Does something as a step of its own. */
export async function asStep<T>(gas: Gas, step: Step, work: (gas: Gas) => Promise<T>): Promise<T> {
  const begun = beginStep(gas, step);
  let failed = true;
  try {
    const answer = await work(begun.gas);
    failed = false;
    return answer;
  } finally {
    begun.end(failed);
  }
}

/** What a message carries of the step that sends it. */
export function carried({ span }: Gas): { traceparent?: string } {
  return span ? { traceparent: `00-${span.traceId}-${span.spanId}-01` } : {};
}

/** W3C Trace Context 3.2: versions to come are read as far as ours; an all-zero id is none. */
export function parseTraceparent(text: string | undefined): SpanContext | undefined {
  const match = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(-.*)?$/.exec(text ?? '');
  const [, version, traceId = '', spanId = '', rest] = match ?? [];
  if (!match || version === 'ff' || (version === '00' && rest !== undefined)) return undefined;
  if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return undefined;
  return { traceId, spanId };
}

function hex(gas: Gas, bytes: number): string {
  return Buffer.from(gas.random(bytes)).toString('hex');
}
