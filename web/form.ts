/** What a form sent. Forms here are small and urlencoded: files go from the browser to S3, never through us. */
import { UserError } from '../jobs/errors.ts';

/** The largest form taken, in bytes: the longest of ours is a name, an address and a password. */
export const formBytesMax = 64 * 1024;

/** Reads the body of an unsafe request. @throws UserError TOO_LARGE, BAD_FORM */
export async function readForm(request: Request): Promise<URLSearchParams> {
  const type = request.headers.get('content-type') ?? '';
  if (type !== '' && !type.startsWith('application/x-www-form-urlencoded')) {
    throw new UserError(
      'BAD_FORM',
      `A form of type ${type} is not understood here; send application/x-www-form-urlencoded.`,
    );
  }
  if (Number(request.headers.get('content-length') ?? 0) > formBytesMax) throw tooLarge();
  const text = await request.text();
  if (text.length > formBytesMax) throw tooLarge();
  return new URLSearchParams(text);
}

function tooLarge(): UserError {
  return new UserError('TOO_LARGE', 'That form is too large. Files are uploaded on the page “Annotate a file”.');
}
