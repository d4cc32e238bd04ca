import { distance } from 'fastest-levenshtein';
import { token_set_ratio } from 'fuzzball';

/** How alike two names are: 100 is the same words in any order, 0 nothing in common. */
export function nameLikeness(one: readonly string[], other: readonly string[]): number {
  const [left, right] = [one.join(' '), other.join(' ')];
  if (left === '' || right === '') return 0;
  const set = token_set_ratio(left, right, { full_process: false });
  // A word that only one of them has is no mistake of typing: `Miller` is not for sure `Miller Foods`.
  const [sortedLeft, sortedRight] = [one.toSorted().join(''), other.toSorted().join('')];
  const longest = Math.max(sortedLeft.length, sortedRight.length);
  const edits = distance(sortedLeft, sortedRight);
  const wordByWord = wordLikeness(one, other);
  return Math.round(Math.max((set + 100 * (1 - edits / longest)) / 2, wordByWord));
}

/** The mean likeness of each word with its best partner, words without one counting nothing. */
function wordLikeness(one: readonly string[], other: readonly string[]): number {
  const left = [...one];
  let letters = 0;
  let alike = 0;
  for (const word of other) {
    let best = -1;
    let bestEdits = Number.POSITIVE_INFINITY;
    for (const [index, candidate] of left.entries()) {
      const edits = distance(word, candidate);
      if (edits < bestEdits) [best, bestEdits] = [index, edits];
    }
    const partner = left[best];
    const size = Math.max(word.length, partner?.length ?? 0);
    letters += size;
    if (partner === undefined || bestEdits > size / 3) continue;
    alike += size - bestEdits;
    left.splice(best, 1);
  }
  letters += left.reduce((sum, word) => sum + word.length, 0);
  return letters === 0 ? 0 : (100 * alike) / letters;
}
