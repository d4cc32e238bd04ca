/** Names that the format uses and the standard does not. */
const aliases: Readonly<Record<string, string>> = {
  EIRE: 'IE',
  'Channel Islands': 'JE',
  USA: 'US',
  RSA: 'ZA',
  'Czech Republic': 'CZ',
  'Hong Kong': 'HK',
  UAE: 'AE',
  Korea: 'KR',
};

const byName = new Map(englishNames());

/** The ISO 3166-1 alpha-2 code of a country by its English name; undefined when there is none. */
export function countryCode(name: string): string | undefined {
  return aliases[name] ?? byName.get(name);
}

/** Whether the code is the country's own: UK and DD are names of old for GB and DE. */
function isCurrent(code: string): boolean {
  return Intl.getCanonicalLocales(`und-${code}`)[0] === `und-${code}`;
}

function* englishNames(): Generator<[string, string]> {
  const names = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
  for (const first of letters) {
    for (const second of letters) {
      const name = isCurrent(first + second) ? names.of(first + second) : undefined;
      // The user-assigned code ZZ and its like are no countries.
      if (name !== undefined && name !== 'Unknown Region') yield [name, first + second];
    }
  }
}
