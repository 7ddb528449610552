/** AbortMultipartUpload: the parts are gone. */
import { change } from './contents.ts';
import type { Glacier, GlacierRequest } from './glacier.ts';
import { getUpload } from './uploads.ts';

export function abortMultipartUpload(glacier: Glacier, { vault, id }: GlacierRequest): Response {
  change(glacier, (release) => {
    const { number, content } = getUpload(glacier, vault, id);
    glacier.parts.store.db.query('DELETE FROM glacier_uploads WHERE number = ?').run(number);
    release(content);
  });
  return new Response(null, { status: 204 });
}
