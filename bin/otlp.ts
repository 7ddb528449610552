/**
 * Sends spans to an OpenTelemetry collector: OTLP over HTTP in JSON, gathered for a few seconds. Telemetry is never
 * worth a job: what cannot be sent is dropped, and the log says so once for each time the collector goes away.
 * OTLP specification 1.5 (opentelemetry-proto, JSON Protobuf Encoding): ids in hex, 64-bit integers as strings.
 */
import type { Gas } from '../jobs/gas.ts';
import type { Span } from '../jobs/trace.ts';

const SEND_MS = 5_000;
const SPANS_MAX = 4_096;
const TIMEOUT_MS = 5_000;
/** SpanKind and StatusCode of trace.proto. */
const kinds = { server: 2, consumer: 5 } as const;
const STATUS_ERROR = 2;

/** From now on every step that ends is sent. */
export function startExport(
  gas: Gas,
  { endpoint, program }: { endpoint: URL; program: string },
): { stop(): Promise<void> } {
  const address = new URL(`${endpoint.href.replace(/\/$/, '')}/v1/traces`);
  let waiting: Span[] = [];
  let reachable = true;
  gas.spanEnded = (span) => {
    if (waiting.length < SPANS_MAX) waiting.push(span);
  };
  const send = async () => {
    if (waiting.length === 0) return;
    const spans = waiting;
    waiting = [];
    try {
      const reply = await fetch(address, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(traces(program, gas.config.version, spans)),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      await reply.arrayBuffer();
      if (!reply.ok) throw new Error(`the collector answered ${reply.status}`);
      reachable = true;
    } catch (cause) {
      if (reachable) gas.log.fault('spans cannot be sent and are dropped', cause, { collector: address.origin });
      reachable = false;
    }
  };
  const timer = setInterval(() => void send(), SEND_MS);
  return {
    async stop() {
      clearInterval(timer);
      await send();
    },
  };
}

/** ExportTraceServiceRequest. */
function traces(program: string, version: string, spans: readonly Span[]) {
  return {
    resourceSpans: [
      {
        resource: { attributes: attributes({ 'service.name': program, 'service.version': version }) },
        scopeSpans: [{ scope: { name: 'gas', version }, spans: spans.map(oneSpan) }],
      },
    ],
  };
}

function oneSpan({ traceId, spanId, parentId, name, kind, startMs, endMs, fields, failed }: Span) {
  return {
    traceId,
    spanId,
    ...(parentId ? { parentSpanId: parentId } : {}),
    name,
    kind: kinds[kind],
    startTimeUnixNano: `${BigInt(startMs) * 1_000_000n}`,
    endTimeUnixNano: `${BigInt(endMs) * 1_000_000n}`,
    attributes: attributes(fields),
    status: failed ? { code: STATUS_ERROR } : {},
  };
}

function attributes(fields: Record<string, unknown>) {
  return Object.entries(fields).map(([key, value]) => ({
    key,
    value:
      typeof value === 'number' && Number.isInteger(value)
        ? { intValue: String(value) }
        : { stringValue: String(value) },
  }));
}
