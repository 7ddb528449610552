/** The library's door: what other rooms may use of the engine. */
export { InputError } from './errors.ts';
export { annotateFile, INDEX_SUFFIX, type AnnotateOptions, type AnnotateRequest } from './pipeline/run.ts';
export type { Progress } from './pipeline/progress.ts';
export type { AnnotateSummary, Warning } from './report/summary.ts';
