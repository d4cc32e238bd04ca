import { inflateSync } from 'node:zlib';

/** A piece of text on a page; its box in points, `bottom` and `top` counted upward from the foot of the page. */
type PdfText = { text: string; left: number; right: number; bottom: number; top: number };
export type PdfPage = { texts: PdfText[]; links: string[] };

type Font = { characters: Map<string, string>; widths: number[] };

/** What can be read on each page of a PDF written by pdfkit: texts with their places, and where its links lead. */
export function readPdf(bytes: Buffer): PdfPage[] {
  const objects = readObjects(bytes);
  const dictionary = (id: number) => objects.get(id)?.dictionary ?? '';
  const content = (id: number) => objects.get(id)?.stream ?? '';
  const pages = references(/\/Kids \[(.*?)\]/, dictionary(1));
  return pages.map((page) => {
    const fonts = new Map<string, Font>();
    for (const [, name = '', id] of dictionary(reference(/\/Resources (\d+)/, dictionary(page))).matchAll(
      /\/(F\d+) (\d+) 0 R/g,
    )) {
      const font = dictionary(Number(id));
      const descendant = dictionary(references(/\/DescendantFonts \[(.*?)\]/, font)[0] ?? 0);
      fonts.set(name, {
        characters: readCharacters(content(reference(/\/ToUnicode (\d+)/, font))),
        widths: (/\/W \[0 \[([^\]]*)\]/.exec(descendant)?.[1] ?? '').split(' ').map(Number),
      });
    }
    const links = references(/\/Annots \[(.*?)\]/, dictionary(page)).map((annotation) => {
      const action = dictionary(reference(/\/A (\d+)/, dictionary(annotation)));
      return /\/URI \((.*)\)/.exec(action)?.[1] ?? '';
    });
    return { texts: readTexts(content(reference(/\/Contents (\d+)/, dictionary(page))), fonts), links };
  });
}

/** The texts of a page under each other. */
export function textOf(page: PdfPage | undefined): string {
  return (page?.texts ?? []).map(({ text }) => text).join('\n');
}

type PdfObject = { dictionary: string; stream: string };

function readObjects(bytes: Buffer): Map<number, PdfObject> {
  const objects = new Map<number, PdfObject>();
  const file = bytes.toString('latin1');
  for (const [, id, body = ''] of file.matchAll(/(?:^|\n)(\d+) 0 obj\n([\s\S]*?)\nendobj/g)) {
    const [dictionary = '', rest] = body.split('\nstream\n');
    const raw = rest?.replace(/\nendstream$/, '');
    const packed = raw !== undefined && dictionary.includes('/FlateDecode');
    const stream = packed ? inflateSync(Buffer.from(raw, 'latin1')).toString('latin1') : (raw ?? '');
    objects.set(Number(id), { dictionary, stream });
  }
  return objects;
}

function readCharacters(cmap: string): Map<string, string> {
  const characters = new Map<string, string>();
  for (const [, first = '0', entries = ''] of cmap.matchAll(/<([0-9a-f]{4})> <[0-9a-f]{4}> \[(.*?)\]/g)) {
    [...entries.matchAll(/<([0-9a-f ]*)>/g)].forEach(([, codes = ''], index) => {
      const glyph = (Number.parseInt(first, 16) + index).toString(16).padStart(4, '0');
      const units = codes.split(' ').map((code) => Number.parseInt(code, 16));
      characters.set(glyph, String.fromCharCode(...units));
    });
  }
  return characters;
}

function readTexts(content: string, fonts: Map<string, Font>): PdfText[] {
  const texts: PdfText[] = [];
  const blocks = content.matchAll(/1 0 0 1 ([\d.-]+) ([\d.-]+) Tm\n\/(F\d+) ([\d.]+) Tf\n([\s\S]*?)ET/g);
  for (const [, x, y, name = '', points, shown = ''] of blocks) {
    const font = fonts.get(name);
    const size = Number(points);
    let text = '';
    let width = 0;
    for (const [, glyphs, shift] of shown.matchAll(/<([0-9a-f]+)>|(-?[\d.]+)(?=[ \]])/g)) {
      for (const glyph of glyphs?.match(/.{4}/g) ?? []) {
        text += font?.characters.get(glyph) ?? '\u{fffd}';
        width += font?.widths[Number.parseInt(glyph, 16)] ?? 0;
      }
      width -= Number(shift ?? 0);
    }
    const left = Number(x);
    const baseline = Number(y);
    texts.push({
      text,
      left,
      right: left + (width * size) / 1000,
      bottom: baseline - 0.2 * size,
      top: baseline + 0.73 * size,
    });
  }
  return texts;
}

function reference(pattern: RegExp, dictionary: string): number {
  return Number(pattern.exec(dictionary)?.[1] ?? 0);
}

function references(pattern: RegExp, dictionary: string): number[] {
  return [...(pattern.exec(dictionary)?.[1] ?? '').matchAll(/(\d+) 0 R/g)].map(([, id]) => Number(id));
}
