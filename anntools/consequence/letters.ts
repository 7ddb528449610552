/** A short sequence of residues or bases that is written again and again without a new object. */
export class Letters {
  bytes = new Uint8Array(256);
  length = 0;

  reserve(length: number): void {
    if (this.bytes.length >= length) return;
    const grown = new Uint8Array(length * 2);
    grown.set(this.bytes.subarray(0, this.length));
    this.bytes = grown;
  }

  set(from: Uint8Array, start: number, end: number): void {
    this.reserve(end - start);
    for (let i = start; i < end; i++) this.bytes[i - start] = from[i];
    this.length = Math.max(0, end - start);
  }

  push(letter: number): void {
    if (this.length === this.bytes.length) this.reserve(this.length + 1);
    this.bytes[this.length++] = letter;
  }

  indexOf(letter: number): number {
    for (let i = 0; i < this.length; i++) if (this.bytes[i] === letter) return i;
    return -1;
  }

  has(letter: number): boolean {
    return this.indexOf(letter) >= 0;
  }

  equals(other: Letters): boolean {
    return this.length === other.length && this.startsWith(other);
  }

  startsWith(other: Letters): boolean {
    return this.#matches(other, 0);
  }

  endsWith(other: Letters): boolean {
    return this.#matches(other, this.length - other.length);
  }

  #matches(other: Letters, at: number): boolean {
    if (at < 0 || at + other.length > this.length) return false;
    for (let i = 0; i < other.length; i++) if (this.bytes[at + i] !== other.bytes[i]) return false;
    return true;
  }
}
