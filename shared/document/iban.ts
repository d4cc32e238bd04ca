/** An IBAN in groups of four, as it is printed (ISO 13616). */
export function groupedIban(iban: string): string {
  return iban.replace(/\s/g, '').replace(/(.{4})(?=.)/g, '$1 ');
}
