import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { checker } from './check-document.ts';

const Task = z.object({
  rules: z.object({ en16931: z.string(), peppol: z.string() }),
  documents: z.array(z.object({ xml: z.string(), sets: z.array(z.enum(['en16931', 'peppol'])) })),
});

const { rules, documents } = Task.parse(workerData);
const check = checker(rules);
parentPort?.postMessage(documents.map(({ xml, sets }) => check(xml, sets)));
