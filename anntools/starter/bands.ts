/** Cytobands out of ideogram's files: `1 p 36.33 0 100 1 2300000 gneg ` is band 1p36.33, up to base 2,300,000. */
import type { BandTable } from '../lookup/bands.ts';

/** Reads one assembly's file. */
export function readBands(json: Uint8Array): BandTable {
  const { chrBands } = JSON.parse(Buffer.from(json).toString('utf8')) as { chrBands: string[] };
  const table: BandTable = {};
  for (const line of chrBands) {
    const [chromosome, arm, band, , , , end] = line.split(' ');
    if (chromosome === 'MT') continue;
    const bands = (table[chromosome] ??= { ends: [], names: [] });
    bands.ends.push(Number(end));
    bands.names.push(`${arm}${band}`);
  }
  return table;
}
