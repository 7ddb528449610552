/** Reading what S3 requests carry as XML. */
import { createHash } from 'node:crypto';
import { AwsError } from '../errors.ts';
import { holdBody } from '../wire/body.ts';
import { readXml, type XmlElement } from '../wire/xml-reader.ts';
import { checkIntegrity, digester, expectedChecksum } from './checksums.ts';
import type { S3Request } from './s3.ts';

/** The document of a request, proven by the checksums it brings. Throws MalformedXML when it is not a `root`. */
export async function readDocument(request: S3Request, root: string): Promise<XmlElement> {
  const bytes = await holdBody(request.body);
  const expected = expectedChecksum(request);
  const checksum = expected && digester(expected.algorithm);
  checksum?.update(bytes);
  const checksums = new Map(expected && checksum ? [[expected.algorithm, checksum.digest()]] : []);
  checkIntegrity({ md5: createHash('md5').update(bytes).digest('hex'), checksums }, request, expected);
  return parseDocument(bytes, root);
}

/** The document of a request whose checksum headers speak of something else. Throws MalformedXML as `readDocument` does. */
export async function readUncheckedDocument(request: S3Request, root: string): Promise<XmlElement> {
  return parseDocument(await holdBody(request.body), root);
}

function parseDocument(bytes: Uint8Array, root: string): XmlElement {
  try {
    const element = readXml(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if (element.name === root) return element;
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof TypeError)) throw error;
    throw malformedXml(error.message);
  }
  throw malformedXml(`The document must be a ${root}.`);
}

/** What does not have the shape the operation wants. */
export function malformedXml(sentence: string): AwsError {
  return new AwsError(
    'MalformedXML',
    400,
    `The XML you provided was not well-formed or did not validate against our published schema. ${sentence}`,
  );
}

/** A whole number in the query, within limits. Throws InvalidArgument. */
export function numberParameter(
  query: URLSearchParams,
  name: string,
  { fallback, max, min = 0 }: { fallback: number; max: number; min?: number },
): number {
  const text = query.get(name);
  if (text === null || text === '') return fallback;
  const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= min) || value > 2 ** 31 - 1) {
    throw new AwsError(
      'InvalidArgument',
      400,
      `Argument ${name} must be an integer between ${min} and ${2 ** 31 - 1}`,
      {
        ArgumentName: name,
        ArgumentValue: text,
      },
    );
  }
  return Math.min(value, max);
}
