import PDFDocument from 'pdfkit';
import type { DocumentFonts } from './fonts.ts';
import { fitText, wrapText } from './wrap-text.ts';

/** How a piece of text looks: `size` in points, `colour` as #rrggbb. */
export type Ink = { readonly font: 'regular' | 'bold'; readonly size: number; readonly colour: string };

/** A4 in points, and what stays free around the text. */
export const sheet = {
  width: 595.28,
  height: 841.89,
  left: 51,
  right: 544.28,
  top: 51,
  foot: 818,
} as const;
export const contentWidth = sheet.right - sheet.left;

export const colours = {
  text: '#1c2733',
  muted: '#5b6875',
  accent: '#17456b',
  rule: '#cfd6dd',
  tint: '#f1f5f8',
  paper: '#ffffff',
} as const;

/** Modules around a QR code that stay free (ISO/IEC 18004). */
const QUIET_ZONE = 4;

/** Distance from one line of text to the next, in font sizes. */
const LEADING = 1.38;

/** What the file says of itself. `archival` makes it PDF/A-3b (ISO 19005-3), which may carry an electronic invoice. */
export type PaperMeta = {
  title: string;
  author: string;
  language: string;
  createdAt: Date;
  archival?: boolean | undefined;
};

/**
 * Pages to draw on from the top down: `y` is where the next thing goes. Text is measured before it is drawn and
 * never wraps by itself, so nothing can run over anything else. All lengths are points.
 */
export class Paper {
  y: number = sheet.top;
  /** Nothing but the footer stands below it. */
  bottom: number = sheet.foot;
  readonly #doc: PDFKit.PDFDocument;
  readonly #fonts: DocumentFonts;
  readonly #bytes: Promise<Buffer>;
  #onNewPage: () => void = () => undefined;

  constructor(fonts: DocumentFonts, meta: PaperMeta) {
    this.#doc = new PDFDocument({
      size: 'A4',
      margin: 0,
      font: fonts.regular,
      bufferPages: true,
      pdfVersion: '1.7',
      ...(meta.archival && { subset: 'PDF/A-3b' }),
      lang: meta.language,
      displayTitle: true,
      // The file's id is made of these, so that the same document has the same bytes.
      info: {
        Title: withoutMarkup(meta.title),
        Author: withoutMarkup(meta.author),
        CreationDate: meta.createdAt,
        ModDate: meta.createdAt,
      },
    });
    this.#fonts = fonts;
    this.#bytes = collect(this.#doc);
  }

  /** What is drawn first on every further page; it sets `y` itself. */
  onNewPage(draw: () => void): void {
    this.#onNewPage = draw;
  }

  widthOf(text: string, ink: Ink): number {
    return this.#typeset(ink).widthOfString(text);
  }

  widest(texts: readonly string[], ink: Ink): number {
    return texts.reduce((width, text) => Math.max(width, this.widthOf(text, ink)), 0);
  }

  wrap(text: string, width: number, ink: Ink): string[] {
    return wrapText(text, width, (piece) => this.widthOf(piece, ink));
  }

  fit(text: string, width: number, ink: Ink): string {
    return fitText(text, width, (piece) => this.widthOf(piece, ink));
  }

  /** One line of text with its top at `y`. `x` is its left edge, or its right edge when aligned right. */
  write(text: string, x: number, y: number, ink: Ink, align: 'left' | 'right' = 'left'): void {
    const left = align === 'right' ? x - this.widthOf(text, ink) : x;
    this.#typeset(ink).fillColor(ink.colour).text(text, left, y, { lineBreak: false });
  }

  /** Lines of text from `y` down. @returns where they end */
  writeLines(
    lines: readonly string[],
    x: number,
    y: number,
    ink: Ink,
    align: 'left' | 'right' = 'left',
  ): number {
    lines.forEach((line, index) => {
      this.write(line, x, y + index * lineHeight(ink), ink, align);
    });
    return y + lines.length * lineHeight(ink);
  }

  rule(y: number, options: { from?: number; to?: number; colour?: string; weight?: number } = {}): void {
    const { from = sheet.left, to = sheet.right, colour = colours.rule, weight = 0.6 } = options;
    this.#doc.moveTo(from, y).lineTo(to, y).lineWidth(weight).stroke(colour);
  }

  box(x: number, y: number, width: number, height: number, colour: string, radius = 0): void {
    if (radius > 0) this.#doc.roundedRect(x, y, width, height, radius).fill(colour);
    else this.#doc.rect(x, y, width, height).fill(colour);
  }

  /** A PNG or JPEG as large as fits into the box, in its top left corner. */
  picture(file: string, x: number, y: number, width: number, height: number): void {
    this.#doc.image(file, x, y, { fit: [width, height] });
  }

  /** Dark squares on white, such as a QR code, with the quiet zone around them that scanners need. */
  squares(dark: readonly (readonly boolean[])[], x: number, y: number, width: number): void {
    const module = width / (dark.length + 2 * QUIET_ZONE);
    this.box(x, y, width, width, colours.paper, 3);
    dark.forEach((row, down) => {
      row.forEach((isDark, across) => {
        if (!isDark || row[across - 1] === true) return;
        const rest = row.indexOf(false, across);
        const length = (rest < 0 ? row.length : rest) - across;
        const left = x + (across + QUIET_ZONE) * module;
        this.#doc.rect(left, y + (down + QUIET_ZONE) * module, length * module, module);
      });
    });
    this.#doc.fill(colours.text);
  }

  /** Makes an area lead to `url` when clicked. */
  link(x: number, y: number, width: number, height: number, url: string): void {
    this.#doc.link(x, y, width, height, url);
  }

  /** Starts a new page unless `height` still fits on this one. @returns whether it did */
  ensure(height: number): boolean {
    if (this.y + height <= this.bottom) return false;
    this.newPage();
    return true;
  }

  newPage(): void {
    this.#doc.addPage();
    this.y = sheet.top;
    this.#onNewPage();
  }

  /** Draws on each page in turn once all are there, then closes the file. */
  async finish(drawOnEach: (page: number, pages: number) => void): Promise<Buffer> {
    const { start, count } = this.#doc.bufferedPageRange();
    for (let index = 0; index < count; index += 1) {
      this.#doc.switchToPage(start + index);
      drawOnEach(index + 1, count);
    }
    this.#doc.end();
    return this.#bytes;
  }

  #typeset({ font, size }: Ink): PDFKit.PDFDocument {
    // By its path: pdfkit keeps open what it knows by path, and reads a registered name again at each call.
    return this.#doc.font(this.#fonts[font], size);
  }
}

/** pdfkit writes these into XML as they are. */
function withoutMarkup(text: string): string {
  return text.replaceAll('&', '+').replaceAll('<', '‹').replaceAll('>', '›');
}

/** The height of a line of text. */
export function lineHeight({ size }: Pick<Ink, 'size'>): number {
  return size * LEADING;
}

function collect(doc: PDFKit.PDFDocument): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    doc.on('data', (chunk: Buffer) => chunks.push(chunk));
    doc.on('end', () => resolve(Buffer.concat(chunks)));
    doc.on('error', reject);
  });
}
