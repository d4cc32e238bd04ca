import { openDataDir } from './data-dir.ts';
import { Dynoxide } from './dynamodb/dynoxide.ts';
import { close, listen, serve } from './http/exchange.ts';

/**
 * Looks whether a local run could start: the port is free, the data directory is sound and not in use, and there is a
 * database for this platform.
 * @param fresh the directory will be emptied, so what it holds does not matter
 * @throws LocalRunError in one line that says what to do
 */
export async function checkStart(options: { port: number; dataDir: string; fresh: boolean }): Promise<void> {
  const server = serve(
    async (_, response) => void response.end(),
    () => {},
  );
  await listen(server, options.port);
  await close(server);
  if (!options.fresh) openDataDir(options.dataDir, false).close();
  const foreign = process.env['DYNAMODB_ENDPOINT'] ?? '';
  if (foreign === '') Dynoxide.check(options.fresh ? undefined : options.dataDir);
}
