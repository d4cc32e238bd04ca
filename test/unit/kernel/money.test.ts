import { describe, expect, it } from 'vitest';
import { formatMoney, minorDigits, parseAmount, percentOf, shareOf } from '#shared/kernel/money.ts';

describe('money', () => {
  it.each([
    [1_250, '7.75', 97],
    [5, '10', 0],
    [15, '10', 2],
    [-15, '10', -2],
    [999_999_999_999, '20', 200_000_000_000],
  ])('%d at %s %% is %d, half to even', (amount, rate, expected) => {
    expect(percentOf(amount, rate, 'GBP')).toBe(expected);
  });

  it.each([
    [100, 1, 3, 33],
    [5, 1, 2, 2],
    [15, 1, 10, 2],
    [-15, 1, 10, -2],
    [25, 1, 10, 2],
    [100, 0, 0, 0],
  ])('%d × %d / %d is %d, half to even', (amount, part, whole, expected) => {
    expect(shareOf(amount, part, whole)).toBe(expected);
  });

  it('knows how many digits a currency has', () => {
    expect(['GBP', 'JPY', 'BHD', 'HUF'].map(minorDigits)).toEqual([2, 0, 3, 2]);
  });

  it.each([
    ['12.5', 'GBP', 1_250],
    ['0.0', 'GBP', 0],
    ['-0.01', 'GBP', -1],
    ['12.345', 'GBP', undefined],
    ['12.345', 'BHD', 12_345],
    ['12.5', 'JPY', undefined],
    ['1e3', 'GBP', undefined],
  ])('reads %s %s as %s', (text, currency, expected) => {
    expect(parseAmount(text, currency)).toBe(expected);
  });

  it('writes nothing without a sign', () => {
    expect(formatMoney(-0, 'GBP')).toBe('GBP 0.00');
  });

  it('writes minor units as people read them', () => {
    expect([formatMoney(123_456, 'GBP'), formatMoney(-5, 'GBP'), formatMoney(5_000, 'JPY')]).toEqual([
      'GBP 1,234.56',
      'GBP -0.05',
      'JPY 5,000',
    ]);
  });
});
