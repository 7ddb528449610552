/**
 * Time as the embedded cloud sees it. Services never call Date.now() or setTimeout() themselves: they are handed
 * a Clock, so that a test turns three minutes or four hours in a moment, and timers are always re-made from the
 * database at start (a timer is a wake-up call, never the truth).
 */
export interface Clock {
  /** Milliseconds since 1970-01-01 UTC. */
  now(): number;
  /** Calls `wake` once, at `atMs` or soon after; at once when that has passed. Returns a function that cancels it. */
  at(atMs: number, wake: () => void): () => void;
}

/** The real time. Timers are cut into pieces so that waits beyond setTimeout's 24.8 days are honoured. */
export const systemClock: Clock = {
  now: () => Date.now(),
  at(atMs, wake) {
    let timer: ReturnType<typeof setTimeout>;
    const arm = () => {
      const waitMs = atMs - Date.now();
      timer = waitMs > 2 ** 30 ? setTimeout(arm, 2 ** 30) : setTimeout(wake, Math.max(0, waitMs));
    };
    arm();
    return () => clearTimeout(timer);
  },
};

/** A clock that stands still until a test turns it. */
export class TestClock implements Clock {
  #nowMs: number;
  #alarms: { atMs: number; wake: () => void }[] = [];

  constructor(nowMs = Date.UTC(2026, 0, 1)) {
    this.#nowMs = nowMs;
  }

  now(): number {
    return this.#nowMs;
  }

  at(atMs: number, wake: () => void): () => void {
    const alarm = { atMs, wake };
    this.#alarms.push(alarm);
    if (atMs <= this.#nowMs) queueMicrotask(() => this.#ring());
    return () => {
      this.#alarms = this.#alarms.filter((other) => other !== alarm);
    };
  }

  /** Moves time forward and rings every alarm on the way, in order; alarms set by alarms ring too. */
  async advance(ms: number): Promise<void> {
    const endMs = this.#nowMs + ms;
    for (;;) {
      const next = this.#alarms.filter((alarm) => alarm.atMs <= endMs).sort((a, b) => a.atMs - b.atMs)[0];
      if (!next) break;
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      this.#ring();
      await Bun.sleep(0);
    }
    this.#nowMs = endMs;
    await Bun.sleep(0);
  }

  #ring(): void {
    const due = this.#alarms.filter((alarm) => alarm.atMs <= this.#nowMs).sort((a, b) => a.atMs - b.atMs);
    this.#alarms = this.#alarms.filter((alarm) => alarm.atMs > this.#nowMs);
    for (const alarm of due) alarm.wake();
  }
}
