import { cpus } from 'node:os';
import { renderXml } from '#shared/e-invoice/render-xml.ts';
import { type Candidate, checkAll } from './check-all.ts';
import type { Verdict } from './check-document.ts';
import { drafted } from './draft.ts';
import { examples } from './examples.ts';
import { generatedDrafts, SEED } from './generated.ts';
import { compileRules } from './rules.ts';

const GENERATED = 200;

/** A document that was checked, and what came of it. */
export type Checked = { readonly kind: string; readonly name: string; readonly verdict: Verdict };

type Named = Candidate & { readonly kind: string; readonly name: string };

/** Renders the examples of each kind and the generated documents, and checks them all under the official rules. */
export async function checkOurDocuments(): Promise<readonly Checked[]> {
  const compiled = compileRules();
  const candidates = [...exampleDocuments(), ...generatedDocuments()];
  const verdicts = await checkAll(await compiled, candidates);
  return candidates.map(({ kind, name }, index) => {
    const verdict = verdicts[index];
    if (verdict === undefined) throw new Error(`${name} was not checked`);
    return { kind, name, verdict };
  });
}

function exampleDocuments(): Named[] {
  return Object.entries(examples).flatMap(([name, draft]) => {
    const file = drafted(draft);
    return [
      { kind: `example, ${draft.kind}, Peppol`, name, xml: renderXml('ubl', file).content, sets: both },
      ...(draft.seller?.country === 'DE' && file.document.buyer.address.city !== undefined
        ? [
            {
              kind: `example, ${draft.kind}, XRechnung`,
              name: `${name} (XRechnung)`,
              xml: renderXml('xrechnung', file).content,
              sets: ['en16931'],
            } satisfies Named,
          ]
        : []),
    ];
  });
}

const both = ['en16931', 'peppol'] as const;

function generatedDocuments(): Named[] {
  return generatedDrafts(GENERATED).map((draft, index) => ({
    kind: `generated, ${draft.kind}, Peppol`,
    name: `generated ${index + 1} of seed ${SEED}`,
    xml: renderXml('ubl', drafted(draft)).content,
    sets: both,
  }));
}

/** The documents that break a rule or the schema, one line each. */
export function failures(checked: readonly Checked[]): string[] {
  return checked.flatMap(({ name, verdict }) =>
    [...verdict.failed.map(({ text }) => text), ...verdict.schema].map((problem) => `${name}: ${problem}`),
  );
}

/** How many of each kind were checked, what failed, what was warned of, how long it took and where. */
export function summary(checked: readonly Checked[], milliseconds: number): string {
  const count = (of: (verdict: Verdict) => readonly unknown[]) =>
    checked.reduce((sum, { verdict }) => sum + of(verdict).length, 0);
  const warnings = new Map<string, number>();
  for (const { rule } of checked.flatMap(({ verdict }) => verdict.warnings)) {
    warnings.set(rule, (warnings.get(rule) ?? 0) + 1);
  }
  const kinds = Map.groupBy(checked, ({ kind }) => kind);
  const [cpu] = cpus();
  return [
    ...[...kinds].map(([kind, documents]) => `${String(documents.length).padStart(4)}  ${kind}`),
    `${String(checked.length).padStart(4)}  in all, seed ${SEED}`,
    `failed assertions: ${count(({ failed }) => failed)}, not valid against UBL 2.1: ${count(({ schema }) => schema)}`,
    `warnings: ${[...warnings].map(([rule, times]) => `${rule} ${times}×`).join(', ') || 'none'}`,
    `${(milliseconds / 1_000).toFixed(1)} s on ${cpus().length} × ${cpu?.model ?? 'unknown'}, Node ${process.version}`,
  ].join('\n');
}
