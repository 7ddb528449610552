/**
 * Events on their way out. They are written in the transaction of the change they tell of and leave afterwards, so
 * that a kill between the two loses none. Queues and topics take an event in one transaction with its removal from
 * here; a function is run at least once, and again twice when it fails, as Lambda does with asynchronous events.
 */
import type { Database } from 'bun:sqlite';
import type { Parts } from '../service.ts';
import { eventMessage, type S3Event } from './event-record.ts';
import { wants, type Notification } from './notifications.ts';

/** "Retry behavior", Lambda Developer Guide: one minute before the second attempt, two before the third. */
const RETRY_WAITS_MS = [60_000, 120_000];

interface Waiting {
  id: number;
  destination: string;
  event: string;
  attempts: number;
}

export class Outbox {
  readonly #db: Database;
  #sequence = 0;
  #cancelTimer = () => {};
  readonly #running = new Set<number>();
  #stopped = false;

  constructor(
    private readonly parts: Parts,
    private readonly notificationsOf: (bucket: string) => readonly Notification[],
  ) {
    this.#db = parts.store.db;
  }

  /** Writes an event for everyone who wants it. To be called in the transaction of its change. */
  emit(event: S3Event): void {
    const nowMs = this.parts.clock.now();
    const { bucket, key } = event.object;
    for (const notification of this.notificationsOf(bucket).filter((each) => wants(each, event.name, key))) {
      // Later events of a key have a greater sequencer, compared as text.
      this.#sequence = Math.max(nowMs * 4096, this.#sequence + 1);
      const sequencer = this.#sequence.toString(16).toUpperCase().padStart(16, '0');
      const message = eventMessage(event, {
        configurationId: notification.id,
        region: this.parts.region,
        nowMs,
        sequencer,
      });
      this.#db
        .query('INSERT INTO s3_events (destination, event, due_ms) VALUES (?, ?, ?)')
        .run(notification.destination, message, nowMs);
    }
  }

  /** Sends what is due. */
  deliver(): void {
    if (this.#stopped) return;
    const due = this.#db
      .query<Waiting, [number]>('SELECT id, destination, event, attempts FROM s3_events WHERE due_ms <= ? ORDER BY id')
      .all(this.parts.clock.now());
    for (const waiting of due) {
      if (waiting.destination.startsWith('arn:aws:lambda:')) void this.#run(waiting);
      else this.#send(waiting);
    }
    this.#arm();
  }

  stop(): void {
    this.#stopped = true;
    this.#cancelTimer();
  }

  #send({ id, destination, event }: Waiting): void {
    try {
      this.#db.transaction(() => {
        this.#remove(id);
        if (destination.startsWith('arn:aws:sns:'))
          this.parts.bus.publish(destination, event, 'Amazon S3 Notification');
        else this.parts.bus.sendToQueue(destination, event);
      })();
    } catch (error) {
      this.#giveUp(id, destination, error);
    }
  }

  async #run({ id, destination, event, attempts }: Waiting): Promise<void> {
    if (this.#running.has(id)) return;
    this.#running.add(id);
    let failure: { error: unknown } | undefined;
    try {
      await this.parts.bus.invoke(destination, JSON.parse(event));
    } catch (error) {
      failure = { error };
    }
    this.#running.delete(id);
    // Stopped meanwhile: the database may be closed, and the event goes out again at the next start.
    if (this.#stopped) return;
    const waitMs = RETRY_WAITS_MS[attempts];
    if (!failure) this.#remove(id);
    else if (waitMs === undefined) this.#giveUp(id, destination, failure.error);
    else {
      this.#db
        .query('UPDATE s3_events SET attempts = attempts + 1, due_ms = ? WHERE id = ?')
        .run(this.parts.clock.now() + waitMs, id);
    }
    this.#arm();
  }

  #giveUp(id: number, destination: string, error: unknown): void {
    this.#remove(id);
    this.parts.report(`An S3 event could not be delivered to ${destination} and was dropped.`, error);
  }

  #remove(id: number): void {
    this.#db.query('DELETE FROM s3_events WHERE id = ?').run(id);
  }

  /** Wakes up when the next retry is due. */
  #arm(): void {
    this.#cancelTimer();
    const next = this.#db
      .query<{ due: number | null }, [number]>('SELECT min(due_ms) AS due FROM s3_events WHERE due_ms > ?')
      .get(this.parts.clock.now());
    if (next && next.due !== null) this.#cancelTimer = this.parts.clock.at(next.due, () => this.deliver());
  }
}
