/** What the tests of queues share. */

/** The name of the error a call ends with, and the code of the old query protocol SDKs still show beside it. */
export async function codeOf(call: Promise<unknown>): Promise<unknown[]> {
  try {
    await call;
  } catch (error) {
    if (error instanceof Error) return [error.name, 'Code' in error ? error.Code : undefined];
  }
  throw new Error('The call was expected to fail, and succeeded.');
}
