/**
 * The assemblies people's files refer to: what they are called, and how long their chromosomes are, which is the
 * surest way to tell them apart. Lengths are those of NCBI's assembly reports.
 */

export interface Assembly {
  /** The name we use, e.g. `GRCh38`. */
  name: string;
  /** UCSC's name, e.g. `hg38`; the one many people know. */
  ucsc: string;
  species: 'human' | 'mouse';
  /** Text that names it in headers and file names. */
  mentions: RegExp;
  /** Lengths of chromosomes 1, 2, …, in order; X and Y follow the numbered ones of human. */
  lengths: readonly number[];
  /** Whether the first 10,000 bases of its chromosomes (but 17) are unknown, so that no variant can lie there. */
  telomeresUnknown: boolean;
}

export const ASSEMBLIES: readonly Assembly[] = [
  {
    name: 'GRCh38',
    ucsc: 'hg38',
    species: 'human',
    mentions: /GRCh38|hg38|\bhs38|\bb38\b|assembly38|GC[AF]_000001405\.(1[5-9]|2[6-9]|3\d|40)/i,
    lengths: [
      248956422, 242193529, 198295559, 190214555, 181538259, 170805979, 159345973, 145138636, 138394717, 133797422,
      135086622, 133275309, 114364328, 107043718, 101991189, 90338345, 83257441, 80373285, 58617616, 64444167, 46709983,
      50818468, 156040895, 57227415,
    ],
    telomeresUnknown: true,
  },
  {
    name: 'GRCh37',
    ucsc: 'hg19',
    species: 'human',
    mentions: /GRCh37|hg19|\bhs37|b37\b|g1k_v37|assembly19|GC[AF]_000001405\.(1|13|14|25)\b/i,
    lengths: [
      249250621, 243199373, 198022430, 191154276, 180915260, 171115067, 159138663, 146364022, 141213431, 135534747,
      135006516, 133851895, 115169878, 107349540, 102531392, 90354753, 81195210, 78077248, 59128983, 63025520, 48129895,
      51304566, 155270560, 59373566,
    ],
    telomeresUnknown: true,
  },
  {
    name: 'NCBI36',
    ucsc: 'hg18',
    species: 'human',
    mentions: /NCBI[ _]?(build)?[ _]?36|hg18|\bb36\b|_b36_|assembly18|GCF_000001405\.12\b/i,
    lengths: [
      247249719, 242951149, 199501827, 191273063, 180857866, 170899992, 158821424, 146274826, 140273252, 135374737,
      134452384, 132349534, 114142980, 106368585, 100338915, 88827254, 78774742, 76117153, 63811651, 62435964, 46944323,
      49691432, 154913754, 57772954,
    ],
    telomeresUnknown: false,
  },
  {
    name: 'T2T-CHM13v2.0',
    ucsc: 'hs1',
    species: 'human',
    mentions: /CHM13|\bhs1\b|GC[AF]_009914755/i,
    lengths: [
      248387328, 242696752, 201105948, 193574945, 182045439, 172126628, 160567428, 146259331, 150617247, 134758134,
      135127769, 133324548, 113566686, 101161492, 99753195, 96330374, 84276897, 80542538, 61707364, 66210255, 45090682,
      51324926, 154259566, 62460029,
    ],
    telomeresUnknown: false,
  },
  {
    name: 'GRCm38',
    ucsc: 'mm10',
    species: 'mouse',
    mentions: /GRCm38|mm10\b/i,
    lengths: [
      195471971, 182113224, 160039680, 156508116, 151834684, 149736546, 145441459, 129401213, 124595110, 130694993,
      122082543, 120129022, 120421639, 124902244, 104043685, 98207768, 94987271, 90702639, 61431566,
    ],
    telomeresUnknown: true,
  },
  {
    name: 'GRCm39',
    ucsc: 'mm39',
    species: 'mouse',
    mentions: /GRCm39|mm39\b/i,
    lengths: [195154279, 181755017, 159745316],
    telomeresUnknown: true,
  },
];

/** Length of the human mitochondrion in rCRS, the one GRCh37 (NCBI), GRCh38 and T2T use. */
export const RCRS_LENGTH = 16569;

/** The assembly of a name in either style (`GRCh38`, `hg38`, `grch38.p14`), or undefined. */
export function assemblyNamed(name: string): Assembly | undefined {
  return ASSEMBLIES.find((one) => one.name.toLowerCase() === name.toLowerCase()) ?? mentionedAssembly(name);
}

/** The only assembly a text mentions; undefined when it mentions none, or several. */
export function mentionedAssembly(text: string): Assembly | undefined {
  // "hg19ToHg38.over.chain": lifted over to the second.
  const lifted = /hg\d\dTo(Hg\d\d)/.exec(text)?.[1];
  const mentioned = ASSEMBLIES.filter(({ mentions }) => mentions.test(lifted ?? text));
  return mentioned.length === 1 ? mentioned[0] : undefined;
}

/** `NCBI36 (hg18)`. */
export function spelled({ name, ucsc }: Assembly): string {
  return `${name} (${ucsc})`;
}
