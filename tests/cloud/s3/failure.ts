/** How a call failed: its code and HTTP status; undefined when it did not. */
export async function failure(call: Promise<unknown>): Promise<[code: string, status: number | undefined] | undefined> {
  try {
    await call;
    return undefined;
  } catch (error) {
    const { name, $metadata } = error as { name: string; $metadata?: { httpStatusCode?: number } };
    return [name, $metadata?.httpStatusCode];
  }
}
