/** A failed call as a test compares it: AWS's code and its sentence; `no error` when it did not fail. */
export async function failure(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'no error';
  } catch (error) {
    if (error instanceof Error) return `${error.name}: ${error.message}`;
    throw error;
  }
}
