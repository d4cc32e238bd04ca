import type { PdfPage } from './read-pdf.ts';

/** Texts that leave the page or run over another one. */
export function collisions(pages: readonly PdfPage[]): string[] {
  return pages.flatMap(({ texts }, index) =>
    texts.flatMap((one, position) => {
      const outside = one.left < 40 || one.right > 556 || one.bottom < 14 || one.top > 828;
      const over = texts
        .slice(position + 1)
        .filter(
          (other) =>
            one.left < other.right - 0.1 &&
            other.left < one.right - 0.1 &&
            one.bottom < other.top - 0.1 &&
            other.bottom < one.top - 0.1,
        );
      return [
        ...(outside ? [`page ${index + 1}: "${one.text}" leaves the page`] : []),
        ...over.map((other) => `page ${index + 1}: "${one.text}" runs over "${other.text}"`),
      ];
    }),
  );
}
