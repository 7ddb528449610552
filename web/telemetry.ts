/**
 * What the site says about its requests: each gets an id, is a step of a trace, is counted and timed under its route;
 * faults and slow answers are lines of the log that carry the id. A request is known by its object from its arrival
 * to the end of its answer.
 */
import { newId, type Gas } from '../jobs/gas.ts';
import { beginStep } from '../jobs/trace.ts';

/** An answer that took longer is a line of the log. */
const SLOW_MS = 1_000;
/** Any other word a client thinks of is counted as one. */
const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

export interface Telemetry {
  /** Begins a request. Answers its id, for the header `x-request-id`. */
  arrived(request: Request): string;
  /** The context of this request: what it logs carries its id, what it sends belongs to its trace. */
  gasOf(request: Request): Gas;
  /** Ends a request; `route` is absent for an address that does not exist. */
  answered(request: Request, route: string | undefined, status: number): void;
}

export function createTelemetry(gas: Gas): Telemetry {
  const underWay = new WeakMap<Request, ReturnType<typeof beginStep> & { startMs: number }>();
  return {
    arrived(request) {
      const request_id = newId(gas);
      const parent = request.headers.get('traceparent') ?? undefined;
      const step = beginStep(gas, { name: request.method, kind: 'server', parent, fields: { request_id } });
      underWay.set(request, { ...step, startMs: performance.now() });
      return request_id;
    },
    gasOf: (request) => underWay.get(request)?.gas ?? gas,
    answered(request, route = 'none', status) {
      const step = underWay.get(request);
      if (!step) return;
      underWay.delete(request);
      const ms = Math.round(performance.now() - step.startMs);
      const method = methods.has(request.method) ? request.method : 'other';
      gas.metrics.observe('gas_http_request_seconds', { method, route, status }, ms / 1000);
      if (ms > SLOW_MS) step.gas.log.info('request was slow', { method, route, status, ms });
      step.end(status >= 500, { name: `${method} ${route}`, fields: { method, route, status } });
    },
  };
}
