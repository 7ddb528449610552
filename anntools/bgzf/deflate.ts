/**
 * The deflater for usual output, as WebAssembly (`assembly/deflate.ts`): half as fast again as libdeflate at level 1 on
 * annotated VCF, with a smaller result (docs/decisions/062).
 */
import { readFileSync } from 'node:fs';
import * as layout from './assembly/layout.ts';
import modulePath from './deflate.wasm' with { type: 'file' };

interface Deflater {
  memory: WebAssembly.Memory;
  deflate(length: number): number;
}

let deflater: { bytes: Uint8Array<ArrayBuffer>; deflate: Deflater['deflate'] } | undefined;

/** Compresses at most a BGZF block of bytes, at least one. The answer is valid until the next call. */
export function deflate(payload: Uint8Array): Uint8Array<ArrayBuffer> {
  deflater ??= start();
  deflater.bytes.set(payload, layout.TEXT);
  const length = deflater.deflate(payload.length);
  return deflater.bytes.subarray(layout.DEFLATED, layout.DEFLATED + length);
}

function start(): NonNullable<typeof deflater> {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(modulePath)));
  const { memory, deflate: run } = exports as unknown as Deflater;
  return { bytes: new Uint8Array(memory.buffer as ArrayBuffer), deflate: run };
}
