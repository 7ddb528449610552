/** How far a run is: told after every batch. */
import type { BatchOutput } from './annotate.ts';

export interface Progress {
  /** 0 to 100, by bytes of input; 0 while the size is not known. */
  percent: number;
  lines: number;
  variants: number;
  variants_per_second: number;
  bytes_read: number;
  bytes_total?: number;
  /** Seconds to go, when it can be said. */
  eta_seconds?: number;
}

export class ProgressMeter {
  private readonly startedMs: number;
  private lines = 0;
  private variants = 0;

  constructor(
    private readonly bytesTotal: number | undefined,
    private readonly now: () => number,
    private readonly onProgress: (progress: Progress) => void = () => {},
  ) {
    this.startedMs = now();
  }

  tell(bytesRead: number, { lines, variants }: BatchOutput): void {
    this.lines += lines;
    this.variants += variants;
    const { bytesTotal } = this;
    const seconds = (this.now() - this.startedMs) / 1000;
    const share = bytesTotal ? Math.min(1, bytesRead / bytesTotal) : 0;
    this.onProgress({
      percent: Math.floor(1000 * share) / 10,
      lines: this.lines,
      variants: this.variants,
      variants_per_second: seconds > 0 ? Math.round(this.variants / seconds) : 0,
      bytes_read: bytesRead,
      ...(bytesTotal === undefined ? {} : { bytes_total: bytesTotal }),
      ...(share > 0 && seconds > 0.5 ? { eta_seconds: Math.ceil((seconds * (1 - share)) / share) } : {}),
    });
  }
}
