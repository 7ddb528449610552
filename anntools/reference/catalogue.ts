/**
 * References that are published and can be installed by name: where their files lie, and where the checksums of those
 * files. Releases are fixed, so that the same name gives the same answers until somebody changes this list.
 */

/** A file to fetch, and the list of checksums it is compared with. */
export interface RemoteFile {
  url: string;
  /** `sum`: Ensembl's CHECKSUMS (BSD sum and 1 KiB blocks of each file). `md5`: lines of MD5 and file name. */
  checksums: { kind: 'sum' | 'md5'; url: string };
}

export interface Published {
  /** The name it is asked for and installed under. */
  name: string;
  assembly: string;
  /** What it is, for people. */
  title: string;
  /** Who made the gene models, and which release: kept in the manifest. */
  release: string;
  sequence: RemoteFile;
  genes: RemoteFile;
  /** Known variants to install with it, by the name of the source. */
  known: { name: string; file: RemoteFile }[];
  /** Size of all files together, for the question "how long will it take?". */
  megabytes: number;
}

const ENSEMBL = 'https://ftp.ensembl.org/pub';
const NCBI = 'https://ftp.ncbi.nlm.nih.gov';

export const catalogue: readonly Published[] = [
  {
    name: 'grch38',
    assembly: 'GRCh38',
    title: 'Human, GRCh38, Ensembl 115',
    ...ensembl(`${ENSEMBL}/release-115`, 115, 'Homo_sapiens.GRCh38', 'primary_assembly'),
    known: [clinvar('GRCh38')],
    megabytes: 1100,
  },
  {
    name: 'grch37',
    assembly: 'GRCh37',
    title: 'Human, GRCh37 (hg19), Ensembl gene set 87',
    ...ensembl(`${ENSEMBL}/grch37/release-113`, 87, 'Homo_sapiens.GRCh37', 'primary_assembly'),
    known: [clinvar('GRCh37')],
    megabytes: 1050,
  },
  {
    name: 'grcm39',
    assembly: 'GRCm39',
    title: 'Mouse, GRCm39, Ensembl 115',
    ...ensembl(`${ENSEMBL}/release-115`, 115, 'Mus_musculus.GRCm39', 'primary_assembly'),
    known: [],
    megabytes: 850,
  },
  {
    name: 'wbcel235',
    assembly: 'WBcel235',
    title: 'C. elegans, WBcel235, Ensembl 115',
    ...ensembl(`${ENSEMBL}/release-115`, 115, 'Caenorhabditis_elegans.WBcel235', 'toplevel'),
    known: [],
    megabytes: 40,
  },
  {
    name: 'r64-1-1',
    assembly: 'R64-1-1',
    title: 'Yeast (S. cerevisiae), R64-1-1, Ensembl 115',
    ...ensembl(`${ENSEMBL}/release-115`, 115, 'Saccharomyces_cerevisiae.R64-1-1', 'toplevel'),
    known: [],
    megabytes: 5,
  },
  {
    name: 'ecoli-k12',
    assembly: 'ASM584v2',
    title: 'E. coli K-12 MG1655, RefSeq',
    ...refseq('GCF_000005845.2_ASM584v2'),
    known: [],
    megabytes: 2,
  },
  {
    name: 'sars-cov-2',
    assembly: 'ASM985889v3',
    title: 'SARS-CoV-2 Wuhan-Hu-1, RefSeq',
    ...refseq('GCF_009858895.2_ASM985889v3'),
    known: [],
    megabytes: 1,
  },
];

type Files = Pick<Published, 'sequence' | 'genes' | 'release'>;

/** Ensembl keeps FASTA and GFF3 of a release in folders that each have a CHECKSUMS. */
function ensembl(root: string, release: number, stem: string, level: 'primary_assembly' | 'toplevel'): Files {
  const species = stem.slice(0, stem.indexOf('.')).toLowerCase();
  const file = (folder: string, name: string): RemoteFile => ({
    url: `${folder}/${name}`,
    checksums: { kind: 'sum', url: `${folder}/CHECKSUMS` },
  });
  return {
    release: `Ensembl ${release}`,
    sequence: file(`${root}/fasta/${species}/dna`, `${stem}.dna.${level}.fa.gz`),
    genes: file(`${root}/gff3/${species}`, `${stem}.${release}.gff3.gz`),
  };
}

/** NCBI keeps an assembly in a folder by the digits of its accession, with md5checksums.txt. */
function refseq(name: string): Files {
  const digits = /^GCF_(\d{3})(\d{3})(\d{3})/.exec(name)?.slice(1).join('/') ?? '';
  const folder = `${NCBI}/genomes/all/GCF/${digits}/${name}`;
  const file = (ending: string): RemoteFile => ({
    url: `${folder}/${name}_genomic.${ending}`,
    checksums: { kind: 'md5', url: `${folder}/md5checksums.txt` },
  });
  return { release: name, sequence: file('fna.gz'), genes: file('gff.gz') };
}

function clinvar(assembly: 'GRCh37' | 'GRCh38'): Published['known'][number] {
  const url = `${NCBI}/pub/clinvar/vcf_${assembly}/clinvar.vcf.gz`;
  return { name: 'clinvar', file: { url, checksums: { kind: 'md5', url: `${url}.md5` } } };
}
