/** The library's door: what other rooms may use of the engine. */
export { InputError } from './errors.ts';
export { isBundle, readManifest, type Manifest } from './bundle/manifest.ts';
export { assemblyNamed } from './genome/assemblies.ts';
export type { AssemblyVerdict } from './genome/assembly.ts';
export type { Progress } from './pipeline/progress.ts';
export { geneSource, readGeneTable, type GeneSource } from './genes/gene-table.ts';
export { buildKnown, type KnownBuilt, type KnownRequest } from './lookup/build-known.ts';
export { findSource, installedSources, sourcesBeside, type InstalledSource } from './lookup/sources.ts';
export { annotateFile, type AnnotateOptions, type AnnotateRequest } from './pipeline/run.ts';
export { peekAssembly } from './pipeline/survey.ts';
export type { AnnotateSummary } from './report/summary.ts';
export { buildStarter, STARTER_NAME, type StarterFiles } from './starter/build.ts';
export { peekTrack, readTrack, trackSource, type TrackLimits, type TrackSource } from './tracks/track.ts';
