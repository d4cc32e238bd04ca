import { describe, expect, it } from 'vitest';
import { checkPattern, matchesPattern } from '../../../infra/local/bus/event-pattern.ts';
import { inputFor } from '../../../infra/local/bus/input.ts';

const event = {
  source: 'o2c',
  'detail-type': 'order.placed',
  resources: [],
  detail: { subject: 'ord_1', total: 250, tags: ['rush', 'gift'], buyer: { country: 'GB', vat: null } },
};

describe('event patterns', () => {
  it.each([
    [{ source: ['o2c'], 'detail-type': ['order.held', 'order.placed'] }, true],
    [{ source: ['other'] }, false],
    [{ detail: { buyer: { country: ['GB'] } } }, true],
    [{ detail: { tags: ['gift'] } }, true],
    [{ detail: { tags: ['spare'] } }, false],
    [{ detail: { buyer: { vat: [null] } } }, true],
    [{ 'detail-type': [{ prefix: 'order.' }] }, true],
    [{ 'detail-type': [{ suffix: '.paid' }] }, false],
    [{ 'detail-type': [{ wildcard: 'order.*' }] }, true],
    [{ 'detail-type': [{ 'anything-but': ['order.placed', 'order.held'] }] }, false],
    [{ 'detail-type': [{ 'anything-but': { prefix: 'payment.' } }] }, true],
    [{ detail: { total: [{ numeric: ['>', 100, '<=', 250] }] } }, true],
    [{ detail: { total: [{ numeric: ['>', 250] }] } }, false],
    [{ detail: { missing: [{ exists: false }], subject: [{ exists: true }] } }, true],
    [{ detail: { missing: { deep: [{ exists: true }] } } }, false],
    [{ $or: [{ source: ['other'] }, { detail: { total: [250] } }] }, true],
  ])('%j → %s', (pattern, expected) => {
    expect(matchesPattern(checkPattern(pattern), event)).toBe(expected);
  });

  it('refuses a filter it does not know instead of never matching', () => {
    expect(() => checkPattern({ source: [{ cidr: '10.0.0.0/8' }] })).toThrow('"cidr" is not known');
  });
});

describe('what a target gets', () => {
  it('is the event, a part of it, a constant, or a filled-in template', () => {
    expect(JSON.parse(inputFor({}, event))).toEqual(event);
    expect(inputFor({ InputPath: '$.detail.buyer' }, event)).toBe('{"country":"GB","vat":null}');
    expect(inputFor({ Input: '{"a":1}' }, event)).toBe('{"a":1}');
    const InputTransformer = {
      InputPathsMap: { id: '$.detail.subject', total: '$.detail.total', tag: '$.detail.tags[1]' },
      InputTemplate: '{"id":<id>,"text":"<id> is a <tag>","total":<total>}',
    };
    expect(JSON.parse(inputFor({ InputTransformer }, event))).toEqual({
      id: 'ord_1',
      text: 'ord_1 is a gift',
      total: 250,
    });
  });
});
