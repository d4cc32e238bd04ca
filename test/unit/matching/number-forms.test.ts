import { describe, expect, it } from 'vitest';
import { NumberForms } from '#shared/matching/number-forms.ts';

describe('the number that a word is', () => {
  const forms = new NumberForms(['INV-2026-000001', 'INV-2025-000977', 'R 26/0001', 'INV-2026-000002']);

  it.each([
    ['INV2026000042', ['INV-2026-000042']],
    ['2026000042', ['INV-2026-000042']],
    ['INV20261000042', ['INV-2026-1000042']],
    ['R260042', ['R 26/0042']],
    ['260042', []],
    ['0171555201', []],
    ['INV202600042', []],
    ['XINV2026000042', []],
    ['INV2026000042X', []],
    ['CN2026000042', []],
  ])('%s is %j', (key, numbers) => {
    expect(forms.numbersOf(key)).toEqual(numbers);
  });
});
