import { DomainError, type ErrorCode } from '../kernel/errors.ts';
import type { Answer } from './operation.ts';

/** The forms a document is handed out in. `ubl` is Peppol BIS Billing 3, `xrechnung` the same syntax for Germany. */
export const documentFormats = ['json', 'pdf', 'ubl', 'xrechnung', 'cii', 'factur-x'] as const;
export type DocumentFormat = (typeof documentFormats)[number];

/** How each form is named in `Accept` and `Content-Type`. `profile` tells apart what shares a media type. */
export const documentMediaTypes = {
  json: 'application/json',
  pdf: 'application/pdf',
  ubl: 'application/xml; profile=ubl',
  xrechnung: 'application/xml; profile=xrechnung',
  cii: 'application/xml; profile=cii',
  'factur-x': 'application/pdf; profile=factur-x',
} as const satisfies Record<DocumentFormat, string>;

type Range = { type: string; profile: string | undefined; quality: number };

/**
 * The form a caller wants: `?format=` where given (links in mails and browsers can't choose a header), else the best of
 * `Accept` (RFC 9110, section 12.5.1). Between equals the first of `offered` wins; no `Accept` takes anything.
 * @throws DomainError `not_acceptable` when none of `offered` will do
 */
export function negotiateFormat<F extends DocumentFormat>(
  offered: readonly F[],
  accept: string | undefined,
  asked?: F,
): F {
  if (asked !== undefined) return asked;
  const ranges = rangesOf(accept);
  let best: { format: F; quality: number } | undefined;
  for (const format of offered) {
    const quality = qualityOf(documentMediaTypes[format], ranges);
    if (quality > (best?.quality ?? 0)) best = { format, quality };
  }
  if (best) return best.format;
  throw new DomainError(
    'not_acceptable',
    `This comes as ${offered.map((format) => documentMediaTypes[format]).join(', ')}. Name one of them in Accept.`,
  );
}

function rangesOf(accept: string | undefined): Range[] {
  if (accept === undefined || accept.trim() === '') return [{ type: '*/*', profile: undefined, quality: 1 }];
  return accept.split(',').map(rangeOf);
}

function rangeOf(text: string): Range {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim());
  const values = new Map(
    parameters.map((parameter) => {
      const [name = '', value = ''] = parameter.split('=').map((part) => part.trim());
      return [name.toLowerCase(), value.replace(/^"(.*)"$/, '$1').toLowerCase()];
    }),
  );
  const quality = Number(values.get('q') ?? 1);
  return { type: type.toLowerCase(), profile: values.get('profile'), quality: quality >= 0 ? quality : 0 };
}

/** What the most specific range that takes `mediaType` says of it; 0 where none does. */
function qualityOf(mediaType: string, ranges: readonly Range[]): number {
  const [type = '', parameter] = mediaType.split('; ');
  const profile = parameter?.replace('profile=', '');
  const [family] = type.split('/');
  let precision = -1;
  let quality = 0;
  for (const range of ranges) {
    const matched = precisionOf(range, { type, family: `${family}/*`, profile });
    if (matched > precision) {
      precision = matched;
      quality = range.quality;
    }
  }
  return quality;
}

/** -1: does not match; else the higher, the more specific. */
function precisionOf(
  range: Range,
  offered: { type: string; family: string; profile: string | undefined },
): number {
  if (range.profile !== undefined) {
    return range.type === offered.type && range.profile === offered.profile ? 3 : -1;
  }
  return range.type === offered.type ? 2 : range.type === offered.family ? 1 : range.type === '*/*' ? 0 : -1;
}

/** What `render-document` answers, see there; told apart by shape so that this module needs nothing of it. */
type RenderedFile =
  | ({ outcome: 'rendered' } & NonNullable<Answer['file']>)
  | { outcome: 'refused'; code: ErrorCode; detail: string };

/** @throws DomainError where this document can't be had in this form, with the reason */
export function fileAnswer(answer: RenderedFile): Answer {
  if (answer.outcome === 'refused') throw new DomainError(answer.code, answer.detail);
  const { contentType, filename, base64 } = answer;
  return { file: { contentType, filename, base64 } };
}
