/** Capitals and digits of `text`, and nothing else: `INV-2026-000042` is `INV2026000042`. */
export function compact(text: string): string {
  const capitals = text.toUpperCase();
  return (plain.test(capitals) ? capitals : capitals.normalize('NFKD')).replaceAll(/[^A-Z0-9]/g, '');
}
/** ASCII, which is most of it, needs no taking apart. */
const plain = /^[ -~]*$/;

/** The digits of `text` alone. */
export function digitsOf(text: string): string {
  return text.replaceAll(/\D/g, '');
}
