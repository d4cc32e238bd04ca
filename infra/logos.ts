import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Documents stay small enough to mail. */
const MAX_LOGO_BYTES = 200 * 1024;
const signatures = [
  { kind: 'png', bytes: Buffer.from('89504e470d0a1a0a', 'hex') },
  { kind: 'jpg', bytes: Buffer.from('ffd8ff', 'hex') },
] as const;

/** The name a logo has beside the bundles: made of its content. @throws Error in words that follow the name of the setting */
export function frozenLogo(path: string): string {
  if (!existsSync(`${root}${path}`)) throw new Error(`names ${path}, which is not in the repository`);
  return frozenName(path, readFileSync(`${root}${path}`));
}

/**
 * Every picture that lies beside the logo of any stage, by its frozen name: documents show the logo they were issued
 * with for as long as its file stays in that directory, whatever it is called there.
 * @param context of `cdk.json`
 */
export function logosOf(context: Readonly<Record<string, unknown>>): Map<string, Buffer> {
  const Stage = z.looseObject({ company: z.looseObject({ logo: z.string().optional() }).optional() });
  const directories = new Set(
    Object.entries(context)
      .filter(([key]) => /^o2c(:|$)/.test(key))
      .map(([, stage]) => Stage.parse(stage).company?.logo)
      .filter((logo) => logo !== undefined && existsSync(`${root}${logo}`))
      .map((logo) => dirname(logo ?? '')),
  );
  const logos = new Map<string, Buffer>();
  for (const directory of directories) {
    for (const file of readdirSync(`${root}${directory}`).toSorted()) {
      if (!/\.(png|jpe?g)$/.test(file)) continue;
      const bytes = readFileSync(`${root}${directory}/${file}`);
      logos.set(frozenName(`${directory}/${file}`, bytes), bytes);
    }
  }
  return logos;
}

function frozenName(path: string, bytes: Buffer): string {
  const kind = signatures.find((signature) =>
    bytes.subarray(0, signature.bytes.length).equals(signature.bytes),
  );
  if (kind === undefined) throw new Error(`names ${path}, which is neither a PNG nor a JPEG`);
  if (bytes.length > MAX_LOGO_BYTES)
    throw new Error(`names ${path}, which has more than ${MAX_LOGO_BYTES} bytes`);
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
  return `${hash}.${kind.kind}`;
}
