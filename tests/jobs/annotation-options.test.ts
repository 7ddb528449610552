/** What a form may ask for, and what an item that says less means. */
import { describe, expect, test } from 'bun:test';
import * as fc from 'fast-check';
import {
  areUsual,
  completeOptions,
  defaultOptions,
  parseOptions,
  rememberedOf,
  salvageOptions,
  type AskedOptions,
} from '../../jobs/annotation-options.ts';
import { UserError } from '../../jobs/errors.ts';

const offered = {
  references: ['grch38'],
  sources: ['ClinVar', 'gnomAD'],
  tracks: ['SEGDUP', 'PANEL'],
  genes: ['LOEUF'],
};

test('nothing asked is the default, and so is what an old item says', () => {
  expect(parseOptions({}, offered)).toEqual(defaultOptions);
  expect(completeOptions({ reference: 'grch38' })).toEqual({ ...defaultOptions, reference: 'grch38' });
  expect(areUsual({ reference: 'grch38' })).toBe(true);
});

test('what is asked is taken, in the order in which it is offered', () => {
  const asked = { left_out: ['gnomAD', 'gone'], tracks: ['PANEL', 'SEGDUP'], distance: '0', form: 'json' };
  const options = parseOptions(asked, offered);
  expect(options).toMatchObject({ left_out: ['gnomAD'], tracks: ['SEGDUP', 'PANEL'], distance: 0, form: 'json' });
  expect(areUsual(options)).toBe(false);
  expect(
    rememberedOf({ ...options, own_track: { name: 'X', s3_key: 'k', file_name: 'x', bytes: 1 } }),
  ).not.toContainAnyKeys(['reference', 'own_track']);
});

describe('what cannot be is told at its field', () => {
  test.each<[AskedOptions, string, RegExp]>([
    [{ reference: 'grcz11' }, 'reference', /no reference 'grcz11' here/],
    [{ transcripts: 'none' }, 'transcripts', /'none' is none of all, canonical, mane, pick/],
    [{ manner: 'mine' }, 'manner', /none of vep, specification/],
    [{ form: 'xlsx' }, 'form', /none of csq, ann, bcsq, tsv, json/],
    [{ distance: '-1' }, 'distance', /whole number from 0 to 100,000/],
    [{ distance: '1e3' }, 'distance', /whole number/],
    [{ distance: '100001' }, 'distance', /whole number/],
    [{ tracks: ['GONE'] }, 'tracks', /no track 'GONE' here any more/],
    [{ genes: ['LOEUF', 'GONE'] }, 'genes', /no table of genes 'GONE' here any more/],
  ])('%j', (asked, field, sentence) => {
    try {
      parseOptions(asked, offered);
      throw new Error('accepted');
    } catch (error) {
      expect(error).toBeInstanceOf(UserError);
      expect(error).toMatchObject({ field, message: expect.stringMatching(sentence) });
    }
  });
});

test('whatever a form says, it is understood or refused with a sentence, and can be shown again', () => {
  const text = fc.option(fc.oneof(fc.string(), fc.constantFrom('all', 'mane', 'csq', '5000')), { nil: undefined });
  const list = fc.array(fc.oneof(fc.string(), fc.constantFrom('ClinVar', 'SEGDUP')), { maxLength: 3 });
  const form = fc.record({
    reference: text,
    transcripts: text,
    distance: text,
    manner: text,
    form: text,
    left_out: list,
    tracks: list,
    genes: list,
  });
  fc.assert(
    fc.property(form, (asked) => {
      expect(completeOptions(salvageOptions(asked)).transcripts).toBeString();
      try {
        const options = parseOptions(asked, offered);
        expect(Number.isInteger(options.distance)).toBe(true);
      } catch (error) {
        expect(error).toBeInstanceOf(UserError);
      }
    }),
  );
});
