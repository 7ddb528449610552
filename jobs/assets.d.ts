/** Files a program carries with it: text as a string, other files as the path they are read from. */
declare module '*.vcf' {
  const text: string;
  export default text;
}
declare module '*.tsv.gz' {
  const path: string;
  export default path;
}
declare module '*.li.gz' {
  const path: string;
  export default path;
}
declare module '*.fa' {
  const path: string;
  export default path;
}
