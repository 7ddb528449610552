/** The INFO fields about structural variants as a header declares them. */
import type { InfoField } from '../vcf/header-writer.ts';
import { FUSIONS_FIELD, FUSIONS_FORMAT } from './fusions.ts';
import { GENES_FIELD, GENES_FORMAT } from './genes-hit.ts';

export const structuralFields: readonly InfoField[] = [
  {
    id: GENES_FIELD,
    number: '.',
    type: 'String',
    description: `Genes that the structural variant hits. Format: ${GENES_FORMAT}`,
  },
  {
    id: FUSIONS_FIELD,
    number: '.',
    type: 'String',
    description: `Genes that the structural variant may fuse, 5' partner first. Format: ${FUSIONS_FORMAT}`,
  },
];
