/** Searching in numbers that ascend, by someone who asks for something near what he asked for last. */

/**
 * The first index whose number is not below `value`, the length when there is none. Gallops from `hint`, an index where
 * an earlier search ended, when what is looked for lies behind it.
 */
export function firstFrom(numbers: Uint32Array, value: number, hint: number): number {
  let low = 0;
  let high = numbers.length;
  if (hint > 0 && hint < high && numbers[hint - 1] < value) {
    low = hint;
    for (let step = 1; low + step < high; step *= 2) {
      if (numbers[low + step] >= value) {
        high = low + step;
        break;
      }
      low += step;
    }
  }
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (numbers[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
