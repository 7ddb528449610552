/** What S3 does by itself when time passes: restores end, copies expire, lifecycle rules act. One alarm for the next of them. */
import { expireByLifecycle, nextLifecycleMs } from './lifecycle.ts';
import { nextRestoreMs, settleRestores } from './restore-object.ts';
import type { S3 } from './s3.ts';

export class Calendar {
  #cancel = () => {};
  #stopped = false;

  constructor(private readonly s3: () => S3) {}

  /** Does what is due, then waits for the next. */
  run(): void {
    if (this.#stopped) return;
    settleRestores(this.s3());
    expireByLifecycle(this.s3());
    this.arm();
  }

  /** Sets the alarm anew. To be called when something was added. */
  arm(): void {
    this.#cancel();
    const s3 = this.s3();
    const nextMs = Math.min(nextRestoreMs(s3) ?? Infinity, nextLifecycleMs(s3) ?? Infinity);
    if (nextMs < Infinity && !this.#stopped) this.#cancel = s3.parts.clock.at(nextMs, () => this.run());
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel();
  }
}
