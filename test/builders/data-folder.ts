import { resolve } from 'node:path';

/** Where the real data and official rules lie that tests read and the project does not hold: `O2C_DATA`. */
export const dataFolder = resolve(process.env['O2C_DATA'] ?? '../shared/data');
