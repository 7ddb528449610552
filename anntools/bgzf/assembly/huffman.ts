/**
 * Huffman codes of bounded length for symbols that were counted, and the canonical bits that go with them (RFC 1951
 * section 3.2.2).
 */
import { SCRATCH } from './layout';

/** Symbols that are met, rarest first: count in the upper 23 bits, symbol in the lower nine. */
const LEAVES: i32 = SCRATCH;
/** Counts of inner nodes; parents of leaves, then of inner nodes; depths of inner nodes; leaves by depth. */
const WEIGHTS: i32 = SCRATCH + 0x800;
const PARENTS: i32 = SCRATCH + 0x1000;
const DEPTHS: i32 = SCRATCH + 0x1800;
const BY_DEPTH: i32 = SCRATCH + 0x1c00;
const NEXT_CODE: i32 = SCRATCH + 0x1d00;

const SYMBOL_BITS: i32 = 9;
const SYMBOL_MASK: i32 = 511;

/** Sets the length of the code of each of `symbols` symbols, at most `limit`; 0 for those that are not met. */
export function setLengths(counts: i32, symbols: i32, lengths: i32, limit: i32): void {
  memory.fill(lengths, 0, symbols);
  const leaves = gather(counts, symbols);
  if (leaves === 0) return;
  if (leaves === 1) {
    store<u8>(lengths + symbolOf(0), 1);
    return;
  }
  sort(leaves);
  join(leaves);
  setDepths(leaves, limit);
  // The rarest have the longest codes.
  let leaf = 0;
  for (let length = limit; length > 0; length--) {
    for (let left = wordAt(BY_DEPTH, length); left > 0; left--) store<u8>(lengths + symbolOf(leaf++), length as u8);
  }
}

function wordAt(table: i32, index: i32): i32 {
  return load<i32>(table + (index << 2));
}

function setWord(table: i32, index: i32, value: i32): void {
  store<i32>(table + (index << 2), value);
}

function symbolOf(leaf: i32): i32 {
  return wordAt(LEAVES, leaf) & SYMBOL_MASK;
}

function countOf(leaf: i32): i32 {
  return wordAt(LEAVES, leaf) >>> SYMBOL_BITS;
}

function gather(counts: i32, symbols: i32): i32 {
  let leaves = 0;
  for (let symbol = 0; symbol < symbols; symbol++) {
    const count = wordAt(counts, symbol);
    if (count > 0) setWord(LEAVES, leaves++, (count << SYMBOL_BITS) | symbol);
  }
  return leaves;
}

/** Shell's sort, with the gaps of Ciura. */
function sort(leaves: i32): void {
  for (let gap = 132; gap > 0; gap = gap > 57 ? 57 : gap > 23 ? 23 : gap > 10 ? 10 : gap > 4 ? 4 : gap > 1 ? 1 : 0) {
    for (let i = gap; i < leaves; i++) {
      const leaf = wordAt(LEAVES, i);
      let at = i;
      for (; at >= gap && wordAt(LEAVES, at - gap) > leaf; at -= gap) setWord(LEAVES, at, wordAt(LEAVES, at - gap));
      setWord(LEAVES, at, leaf);
    }
  }
}

/** Joins the two lightest again and again; inner nodes come out in the order of their weight. */
function join(leaves: i32): void {
  let leaf = 0;
  let node = 0;
  for (let made = 0; made < leaves - 1; made++) {
    let weight = 0;
    for (let i = 0; i < 2; i++) {
      if (leaf < leaves && (node >= made || countOf(leaf) <= wordAt(WEIGHTS, node))) {
        weight += countOf(leaf);
        store<u16>(PARENTS + (leaf++ << 1), made as u16);
      } else {
        weight += wordAt(WEIGHTS, node);
        store<u16>(PARENTS + ((leaves + node++) << 1), made as u16);
      }
    }
    setWord(WEIGHTS, made, weight);
  }
}

/** Counts the leaves by depth, and moves those that lie too deep (as zlib's `gen_bitlen` does). */
function setDepths(leaves: i32, limit: i32): void {
  const root = leaves - 2;
  memory.fill(BY_DEPTH, 0, 64);
  store<u8>(DEPTHS + root, 0);
  for (let node = root - 1; node >= 0; node--) store<u8>(DEPTHS + node, depthBelow(leaves + node) as u8);
  let used = 0;
  for (let leaf = 0; leaf < leaves; leaf++) {
    const depth = min(depthBelow(leaf), limit);
    setWord(BY_DEPTH, depth, wordAt(BY_DEPTH, depth) + 1);
    used += 1 << (limit - depth);
  }
  // Each turn takes a leaf of the greatest depth as the sibling of one that is moved down.
  for (; used > 1 << limit; used--) {
    let depth = limit - 1;
    while (wordAt(BY_DEPTH, depth) === 0) depth--;
    setWord(BY_DEPTH, depth, wordAt(BY_DEPTH, depth) - 1);
    setWord(BY_DEPTH, depth + 1, wordAt(BY_DEPTH, depth + 1) + 2);
    setWord(BY_DEPTH, limit, wordAt(BY_DEPTH, limit) - 1);
  }
}

function depthBelow(child: i32): i32 {
  return (load<u8>(DEPTHS + (load<u16>(PARENTS + (child << 1)) as i32)) as i32) + 1;
}

/** Sets the codes that follow from the lengths: their bits as they are sent, and in the low byte how many. */
export function setCodes(lengths: i32, symbols: i32, codes: i32): void {
  memory.fill(BY_DEPTH, 0, 64);
  for (let symbol = 0; symbol < symbols; symbol++) {
    const length = load<u8>(lengths + symbol) as i32;
    setWord(BY_DEPTH, length, wordAt(BY_DEPTH, length) + 1);
  }
  setWord(BY_DEPTH, 0, 0);
  let code = 0;
  for (let length = 1; length < 16; length++) {
    code = (code + wordAt(BY_DEPTH, length - 1)) << 1;
    setWord(NEXT_CODE, length, code);
  }
  for (let symbol = 0; symbol < symbols; symbol++) {
    const length = load<u8>(lengths + symbol) as i32;
    if (length === 0) continue;
    const next = wordAt(NEXT_CODE, length);
    setWord(NEXT_CODE, length, next + 1);
    setWord(codes, symbol, (reversed(next, length) << 8) | length);
  }
}

/** The lowest `count` bits from the last to the first: codes are sent from their highest bit on. */
function reversed(bits: i32, count: i32): i32 {
  let turned = 0;
  for (let i = 0; i < count; i++) {
    turned = (turned << 1) | (bits & 1);
    bits >>= 1;
  }
  return turned;
}
