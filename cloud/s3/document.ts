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
  const checksums = new Map(expected ? [[expected.algorithm, digester(expected.algorithm)]] : []);
  for (const checksum of checksums.values()) checksum.update(bytes);
  const digests = new Map([...checksums].map(([algorithm, { digest }]) => [algorithm, digest()]));
  checkIntegrity({ md5: createHash('md5').update(bytes).digest('hex'), checksums: digests }, request, expected);
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
