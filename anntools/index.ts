/** The library's door: what other rooms may use of the engine. */
export { InputError } from './errors.ts';
