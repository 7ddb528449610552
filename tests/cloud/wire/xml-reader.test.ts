/** XML from clients: read what is well-formed, refuse the rest, expand nothing. */
import { describe, expect, test } from 'bun:test';
import * as fc from 'fast-check';
import { childrenNamed, childText, readXml } from '../../../cloud/wire/xml-reader.ts';
import { xmlDocument } from '../../../cloud/wire/xml.ts';

describe('a document', () => {
  test('gives its elements by name, without prefixes, comments and attributes', () => {
    const root = readXml(
      '\uFEFF<?xml version="1.0"?>\n<s3:Delete xmlns:s3="x" a=\'>\'><!-- <b/> --><Object><Key>a &amp; &#x41;&#66;</Key></Object><Quiet/><Object><Key><![CDATA[<x>&amp;]]></Key></Object></s3:Delete>\n',
    );
    expect(root.name).toBe('Delete');
    expect(childrenNamed(root, 'Object').map((object) => childText(object, 'Key'))).toEqual(['a & AB', '<x>&amp;']);
    expect([childText(root, 'Quiet'), childText(root, 'Missing')]).toEqual(['', undefined]);
  });

  test('that we write is read back', () => {
    const sayable = fc.string({ unit: 'grapheme' });
    fc.assert(
      fc.property(fc.array(sayable), (keys) => {
        const root = readXml(xmlDocument('List', { Key: keys }));
        expect(childrenNamed(root, 'Key').map(({ text }) => text)).toEqual(keys);
      }),
    );
  });

  test.each([
    '',
    'text',
    '<a>',
    '<a></b>',
    '<a/><b/>',
    'x<a/>',
    '</a>',
    '<a',
    '<a b=c/>',
    '<a>&foo;</a>',
    '<a>&constructor;</a>',
    '<a>&amp</a>',
    '<a>&#xFFFFFFF;</a>',
    '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
    '<a>'.repeat(100) + '</a>'.repeat(100),
  ])('%p is refused', (document) => {
    expect(() => readXml(document)).toThrow(SyntaxError);
  });
});
