import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Company } from '../company/company.ts';

/**
 * The file of a company's logo: beside the bundle, by the name made of its content that the company carries. A
 * document's company is that of its day, so that a new logo leaves old documents as they were. Undefined without a logo,
 * and where the file was taken out of the repository: the company's name stands there then.
 */
export function logoFile({ logo }: Pick<Company, 'logo'>): string | undefined {
  // Only CommonJS has it: the bundle's own directory.
  if (logo === undefined || typeof __dirname === 'undefined') return undefined;
  const file = join(__dirname, 'logos', logo);
  return existsSync(file) ? file : undefined;
}
