import { describe, expect, it } from 'vitest';
import { documentFormats, negotiateFormat } from '#shared/http/document-format.ts';
import type { DomainError } from '#shared/kernel/errors.ts';

const chosen = (accept?: string, format?: (typeof documentFormats)[number]) =>
  negotiateFormat(documentFormats, accept, format);

describe('the form of a document', () => {
  it.each([
    [undefined, 'json'],
    ['', 'json'],
    ['*/*', 'json'],
    ['application/*', 'json'],
    ['application/json', 'json'],
    ['application/pdf', 'pdf'],
    ['Application/PDF', 'pdf'],
    ['application/xml', 'ubl'],
    ['application/xml; profile=ubl', 'ubl'],
    ['application/xml;profile="xrechnung"', 'xrechnung'],
    ['application/xml; profile=cii', 'cii'],
    ['application/pdf; profile=factur-x', 'factur-x'],
    ['text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8', 'ubl'],
    ['application/json;q=0.5, application/pdf', 'pdf'],
    ['application/pdf;q=0, */*;q=0.1', 'json'],
    ['image/png, application/pdf;q=0.2', 'pdf'],
  ] as const)('of Accept %j is %s', (accept, format) => {
    expect(chosen(accept)).toBe(format);
  });

  it('is what the query asks for, whatever a browser accepts', () => {
    expect(chosen('text/html', 'cii')).toBe('cii');
  });

  it.each(['text/html', 'application/xml; profile=edifact', 'application/json;q=0', 'nonsense'])(
    'can not be %s',
    (accept) => {
      expect(() => chosen(accept)).toThrow(
        expect.objectContaining({ code: 'not_acceptable' } satisfies Partial<DomainError>),
      );
    },
  );

  it('names what there is in a refusal', () => {
    expect(() => negotiateFormat(['json', 'pdf'], 'text/csv')).toThrow(
      'This comes as application/json, application/pdf.',
    );
  });
});
