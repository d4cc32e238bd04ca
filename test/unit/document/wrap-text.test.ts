import { describe, expect, it } from 'vitest';
import { fitText, wrapText } from '#shared/document/wrap-text.ts';

const measure = (text: string) => text.length;

describe('text in lines of ten', () => {
  it('breaks between words', () => {
    expect(wrapText('party bunting in pink', 10, measure)).toEqual(['party', 'bunting in', 'pink']);
  });

  it('breaks a word only where it is longer than a line, and goes on behind it', () => {
    expect(wrapText('ref ABCDEFGHIJKLM no', 10, measure)).toEqual(['ref', 'ABCDEFGHIJ', 'KLM no']);
  });

  it('takes line ends and control characters for spaces', () => {
    expect(wrapText(' a\r\nb\u0000\u2028c ', 10, measure)).toEqual(['a b c']);
  });

  it('is one empty line where there is nothing to say', () => {
    expect(wrapText('', 10, measure)).toEqual(['']);
  });

  it('never parts a character from its accent', () => {
    expect(wrapText('e\u0301'.repeat(3), 4, measure)).toEqual(['e\u0301e\u0301', 'e\u0301']);
  });

  it('ends in an ellipsis where it is cut to one line', () => {
    expect(fitText('Harbour Lane Interiors', 10, measure)).toBe('Harbour L…');
    expect(fitText('Harbour', 10, measure)).toBe('Harbour');
  });
});
