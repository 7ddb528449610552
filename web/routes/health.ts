/** For machines that watch: GET /health (the program lives), /ready (it can do its work), /metrics (how much it does). */
import { createHash, timingSafeEqual } from 'node:crypto';
import { readinessOf, workInMetrics } from '../../jobs/health.ts';
import type { Gas } from '../../jobs/gas.ts';
import { json } from '../reply.ts';

/** `countsWork`: whether the metrics include the whole service's jobs and queues; only the site's do. */
export function healthRoutes(gas: Gas, { countsWork = true } = {}) {
  const readiness = readinessOf(gas);
  const work = workInMetrics(gas);
  return {
    health: (): Response => json({ ok: true, version: gas.config.version }),

    /** 503 names what does not answer. */
    async ready(): Promise<Response> {
      const answer = await readiness();
      return json(answer, answer.ready ? 200 : 503);
    },

    /** Prometheus' text, for this machine or whoever shows GAS_METRICS_TOKEN. `address` is empty when unknown. */
    async metrics(request: Request, address: string): Promise<Response> {
      if (!isLocal(request, address) && !showsToken(request, gas.config.metricsToken)) {
        return new Response('Metrics are for this machine, or for whoever shows GAS_METRICS_TOKEN.\n', {
          status: 401,
          headers: { 'www-authenticate': 'Bearer', 'cache-control': 'no-store' },
        });
      }
      if (countsWork) await work();
      return new Response(gas.metrics.text(), {
        headers: { 'content-type': 'text/plain; version=0.0.4; charset=utf-8', 'cache-control': 'no-store' },
      });
    },
  };
}

/** A proxy on this machine is not whoever asked it. */
function isLocal(request: Request, address: string): boolean {
  const forwarded = ['x-forwarded-for', 'forwarded', 'via'].some((name) => request.headers.has(name));
  return !forwarded && /^(127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+)$/.test(address);
}

/** Compares hashes, so that the time it takes says nothing of the token. */
function showsToken(request: Request, token: string | undefined): boolean {
  const shown = /^Bearer (.+)$/.exec(request.headers.get('authorization') ?? '')?.[1];
  if (!token || !shown) return false;
  const hash = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(shown), hash(token));
}
