/**
 * What a program shows of itself besides its log: its metrics on a port of its own (GAS_METRICS_PORT, loopback unless
 * GAS_METRICS_HOST says otherwise), and its spans to an OpenTelemetry collector (OTEL_EXPORTER_OTLP_ENDPOINT).
 */
import { ConfigError } from '../jobs/config.ts';
import type { Gas } from '../jobs/gas.ts';
import { healthRoutes } from '../web/routes/health.ts';
import { startExport } from './otlp.ts';
import { handsOver } from './parent.ts';

export interface Telemetry {
  /** Sends what has not been sent. */
  stop(): Promise<void>;
}

/** @throws ConfigError when the port is taken */
export function startTelemetry(gas: Gas, program: string, commit: string): Telemetry {
  const { config, metrics } = gas;
  metrics.set('gas_build_info', { program, version: config.version, commit }, 1);
  const server = config.metricsPort === undefined ? undefined : serveMetrics(gas, config.metricsPort);
  const spans = config.otlpEndpoint && startExport(gas, { endpoint: config.otlpEndpoint, program });
  return {
    async stop() {
      await server?.stop(true);
      await spans?.stop();
    },
  };
}

function serveMetrics(gas: Gas, port: number): Bun.Server<undefined> {
  const { metricsHost: hostname } = gas.config;
  const routes = healthRoutes(gas, { countsWork: false });
  try {
    return Bun.serve({
      hostname,
      port,
      reusePort: handsOver,
      routes: {
        '/health': routes.health,
        '/metrics': (request, server) => routes.metrics(request, server.requestIP(request)?.address ?? ''),
      },
      fetch: () => new Response('Here are /health and /metrics.\n', { status: 404 }),
    });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigError(`GAS_METRICS_PORT is ${port} on ${hostname}, where metrics cannot be served: ${why}`);
  }
}
