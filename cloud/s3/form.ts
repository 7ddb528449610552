/**
 * A browser's multipart form as S3 reads it: fields first, then the file, which is streamed; what follows the file is
 * ignored. What is hard is that the parser pushes and the disk pulls: the request is read no faster than the file is.
 */
import { Busboy, type BusboyHeaders, type BusboyInstance } from '@fastify/busboy';
import type { Readable } from 'node:stream';
import { AwsError } from '../errors.ts';
import type { Bytes } from '../wire/body.ts';
import type { S3Request } from './s3.ts';

/** "the form data and boundaries (excluding the file) can't exceed 20 KB" (POST Object, API Reference). */
const FIELD_BYTES_MAX = 20 * 1024;
const FIELDS_MAX = 100;

export interface Form {
  /** Names in lower case, `${filename}` resolved. */
  fields: Map<string, string>;
  /** The file. Read it to its end, or call `close`. */
  file: Bytes;
  /** Stops parsing; the rest of the request is dropped. */
  close(): void;
}

/** Reads a form up to its file. Throws AwsError when it is no form, too long, or has no file. */
export function readForm({ headers, body }: S3Request): Promise<Form> {
  const parser = openParser(headers);
  const fields = new Map<string, string>();
  let fieldBytes = 0;
  let file: Readable | undefined;
  const close = (error?: Error) => {
    parser.destroy();
    file?.destroy(error);
  };
  return new Promise((resolve, reject) => {
    parser.on('field', (name, value, isNameCut, isValueCut) => {
      fieldBytes += Buffer.byteLength(name) + Buffer.byteLength(value);
      if (!isNameCut && !isValueCut && fieldBytes <= FIELD_BYTES_MAX) {
        fields.set(name.toLowerCase(), value);
        return;
      }
      reject(tooMuchBeforeFile());
      close();
    });
    parser.on('file', (_name, stream, fileName) => {
      file = stream;
      // A form cut off is an error of the stream, perhaps before anyone reads it; destroyed, it keeps the error.
      stream.on('error', (error) => stream.destroy(error));
      resolve({ fields: resolveFileName(fields, fileName ?? ''), file: pieces(stream), close });
    });
    parser.on('finish', () => reject(noFile()));
    parser.on('error', (error) => {
      reject(malformed(error));
      close(error instanceof Error ? error : undefined);
    });
    feed(parser, body).catch((error: unknown) => {
      reject(error);
      close(error instanceof Error ? error : undefined);
    });
  });
}

function openParser(headers: Headers): BusboyInstance {
  const contentType = headers.get('content-type') ?? '';
  try {
    return new Busboy({
      headers: { 'content-type': contentType } as BusboyHeaders,
      preservePath: true,
      isPartAFile: (name) => name?.toLowerCase() === 'file',
      limits: { fields: FIELDS_MAX, fieldSize: FIELD_BYTES_MAX, files: 1 },
    });
  } catch (error) {
    throw malformed(error);
  }
}

/** Hands the request to the parser at the pace it takes it, until the parser is closed. */
async function feed(parser: BusboyInstance, body: Bytes): Promise<void> {
  for await (const chunk of body) {
    if (parser.destroyed) return;
    await new Promise<void>((resolve) => {
      parser.once('close', resolve);
      parser.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength), () => {
        parser.off('close', resolve);
        resolve();
      });
    });
  }
  parser.end();
}

async function* pieces(stream: Readable): Bytes {
  try {
    for await (const chunk of stream) yield chunk as Buffer;
  } catch (error) {
    throw malformed(error);
  }
}

/** `${filename}` is the name the user's file had, without its folders, in every field. */
function resolveFileName(fields: ReadonlyMap<string, string>, fileName: string): Map<string, string> {
  const name = fileName.slice(Math.max(fileName.lastIndexOf('/'), fileName.lastIndexOf('\\')) + 1);
  return new Map([...fields].map(([field, value]) => [field, value.replaceAll('${filename}', name)]));
}

function tooMuchBeforeFile(): AwsError {
  const message = 'Your POST request fields preceding the upload file were too large.';
  return new AwsError('MaxPostPreDataLengthExceededError', 400, message, {
    MaxPostPreDataLengthBytes: String(FIELD_BYTES_MAX),
  });
}

function noFile(): AwsError {
  return new AwsError('InvalidArgument', 400, 'POST requires exactly one file upload per request.', {
    ArgumentName: 'file',
    ArgumentValue: '0',
  });
}

function malformed(error: unknown): AwsError {
  return new AwsError(
    'MalformedPOSTRequest',
    400,
    `The body of your POST request is not well-formed multipart/form-data. ${error instanceof Error ? error.message : ''}`.trim(),
  );
}
