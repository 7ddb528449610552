import type { Gas } from './gas.ts';
export const STARTER_NAME = 'grch38-starter';
export async function makeStarter(_gas: Gas, _folder: string): Promise<void> {}
