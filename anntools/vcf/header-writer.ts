/**
 * The header of the annotated file: the input's lines as they are, less what an earlier run of ours (or the VEP whose
 * CSQ is replaced) left behind, and our own lines before `#CHROM`. No path of this machine is written.
 */
import type { VcfHeader } from './header.ts';

/** An INFO field that is added. Descriptions are ASCII without quotes. */
export interface InfoField {
  id: string;
  /** VCF's Number: `1`, `A`, `.`, … */
  number: string;
  type: 'Integer' | 'Float' | 'String' | 'Flag';
  description: string;
  /** Where its values come from, e.g. `ClinVar` and `20241215`; written from VCF 4.2 on. */
  source?: string;
  version?: string;
}

/** The `##` keys that an earlier run wrote. */
const OUR_LINE = /^##anntools\w*=/;
/** Lines of VEP that describe the CSQ field and nothing else. */
const VEP_LINE = /^##VEP(-command-line)?=/;

export interface AnnotatedHeader {
  bytes: Uint8Array;
  /** INFO ids the input already had and that are written anew: their old values must go from every record. */
  replaced: string[];
  /** Whether the CSQ that is replaced was VEP's. */
  replacesVep: boolean;
}

/**
 * Writes the header with `fields` and lines of provenance.
 * @param provenance lines without `##anntools`, e.g. `=<Version="0.1.0",…>`.
 */
export function annotatedHeader(
  header: VcfHeader,
  fields: readonly InfoField[],
  provenance: readonly string[],
): AnnotatedHeader {
  const replaced = fields.map(({ id }) => id).filter((id) => header.infoIds.has(id));
  const describes = replaced.map((id) => new RegExp(`^##INFO=(<ID=)?${RegExp.escape(id)}[,>]`));
  const vep = replaced.includes('CSQ');
  const kept = header.lines.filter(
    (line) => !OUR_LINE.test(line) && !(vep && VEP_LINE.test(line)) && !describes.some((pattern) => pattern.test(line)),
  );
  const major = Number.parseFloat(header.version || '4.2');
  const ours = [...fields.map((field) => infoLine(field, major)), ...provenance.map((line) => `##anntools${line}`)];
  const text = [...kept, ...ours, header.columns].map((line) => line + header.newline).join('');
  return {
    bytes: Buffer.from(text, 'latin1'),
    replaced,
    replacesVep: vep && header.lines.some((line) => VEP_LINE.test(line)),
  };
}

/** VCF 3.3 wrote `##INFO=ID,Number,Type,"…"` and knew -1 for "any number". */
function infoLine({ id, number, type, description, source, version }: InfoField, major: number): string {
  if (major < 4) return `##INFO=${id},${/^\d+$/.test(number) ? number : -1},${type},"${description}"`;
  const origin = major >= 4.2 && source !== undefined ? `,Source="${source}",Version="${version ?? ''}"` : '';
  return `##INFO=<ID=${id},Number=${number},Type=${type},Description="${description}"${origin}>`;
}
