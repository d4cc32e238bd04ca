import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The font files documents are set in, as paths. */
export type DocumentFonts = { readonly regular: string; readonly bold: string };

const REGULAR = 'DejaVuSans.ttf';
const BOLD = 'DejaVuSans-Bold.ttf';

/**
 * Where the fonts lie: in `FONTS_DIR`, else beside the bundle, else in the package they come from.
 * @throws when they are in none of these: the deployment is broken
 */
export function fontsFromEnv(): DocumentFonts {
  const directories = [
    process.env['FONTS_DIR'],
    // Only CommonJS has it: the bundle's own directory.
    typeof __dirname === 'undefined' ? undefined : join(__dirname, 'fonts'),
    join(process.cwd(), 'node_modules/dejavu-fonts-ttf/ttf'),
  ].filter((directory) => directory !== undefined);
  const directory = directories.find((candidate) => existsSync(join(candidate, REGULAR)));
  if (directory === undefined) throw new Error(`no ${REGULAR} in ${directories.join(', ')}`);
  return { regular: join(directory, REGULAR), bold: join(directory, BOLD) };
}
