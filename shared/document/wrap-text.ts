/**
 * `text` broken into lines no wider than `width`: between words, and inside a word only where it is wider than a
 * whole line (a long reference, say). White space and control characters count as one space.
 * @param measure the width of a piece of text, in the unit of `width`
 */
export function wrapText(text: string, width: number, measure: (piece: string) => number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of oneLine(text).split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (measure(longer) <= width) {
      line = longer;
      continue;
    }
    if (line !== '') lines.push(line);
    line = '';
    for (const piece of pieces(word, width, measure)) {
      if (line !== '') lines.push(line);
      line = piece;
    }
  }
  lines.push(line);
  return lines;
}

/** `text` cut to one line no wider than `width`, with an ellipsis where something is left out. */
export function fitText(text: string, width: number, measure: (piece: string) => number): string {
  const whole = oneLine(text);
  if (measure(whole) <= width) return whole;
  const characters = charactersOf(whole);
  while (characters.length > 0 && measure(`${characters.join('')}…`) > width) characters.pop();
  return `${characters.join('').trimEnd()}…`;
}

// Unprintable in a PDF and able to break its layout: control characters and line ends of every kind.
const SPACES = /[\s\p{Cc}\p{Zl}\p{Zp}]+/gu;

function oneLine(text: string): string {
  return text.replace(SPACES, ' ').trim();
}

function pieces(word: string, width: number, measure: (piece: string) => number): string[] {
  const parts: string[] = [];
  let part = '';
  for (const character of charactersOf(word)) {
    if (part !== '' && measure(part + character) > width) {
      parts.push(part);
      part = '';
    }
    part += character;
  }
  parts.push(part);
  return parts;
}

const segmenter = new Intl.Segmenter();

/** What a reader takes for one character, accents and all. */
function charactersOf(text: string): string[] {
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}
