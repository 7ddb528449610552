/** How many values a key has, as the header's INFO and FORMAT lines tell (VCF 4.5 section 1.4.2). */

export interface KeyNumber {
  /** `A`, `R`, `G`, a number, or `.`. */
  number: string;
  type: string;
}

export interface KeyNumbers {
  info: ReadonlyMap<string, KeyNumber>;
  format: ReadonlyMap<string, KeyNumber>;
}

export function keyNumbers(headerLines: readonly string[]): KeyNumbers {
  const info = new Map<string, KeyNumber>();
  const format = new Map<string, KeyNumber>();
  for (const line of headerLines) {
    const [, kind, rest = ''] = /^##(INFO|FORMAT)=<(.*)>$/.exec(line) ?? [];
    const id = /(?:^|,)ID=([^,]+)/.exec(rest)?.[1];
    const number = /(?:^|,)Number=([^,]+)/.exec(rest)?.[1];
    const type = /(?:^|,)Type=([^,]+)/.exec(rest)?.[1] ?? 'String';
    if (kind === undefined || id === undefined || number === undefined) continue;
    (kind === 'INFO' ? info : format).set(id, { number, type });
  }
  return { info, format };
}

/** Place of the genotype of alleles a ≤ b among Number=G values (VCF 4.5 section 1.6.2). */
export function genotypeIndex(a: number, b: number): number {
  const low = Math.min(a, b);
  const high = Math.max(a, b);
  return (high * (high + 1)) / 2 + low;
}
