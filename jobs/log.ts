/** One JSON line for each thing that happens: to standard output, for journald and whoever reads it. */

export interface Log {
  info(event: string, fields?: Record<string, unknown>): void;
  /** A fault: its cause goes into the log with its stack, never onto a page. */
  fault(event: string, cause: unknown, fields?: Record<string, unknown>): void;
  /** The same log, whose every line has these fields too. */
  with(fields: Record<string, unknown>): Log;
}

export function createLog(
  program: string,
  now: () => number,
  write: (line: string) => void,
  always: Record<string, unknown> = {},
): Log {
  const line = (level: string, event: string, fields: Record<string, unknown>) =>
    write(JSON.stringify({ time: new Date(now()).toISOString(), level, program, event, ...always, ...fields }));
  return {
    info: (event, fields = {}) => line('info', event, fields),
    fault: (event, cause, fields = {}) => line('fault', event, { ...fields, cause: describe(cause) }),
    with: (more) => createLog(program, now, write, { ...always, ...more }),
  };
}

function describe(cause: unknown): unknown {
  if (!(cause instanceof Error)) return String(cause);
  return {
    name: cause.name,
    message: cause.message,
    stack: cause.stack,
    ...(cause.cause ? { cause: describe(cause.cause) } : {}),
  };
}
