import * as z from 'zod';

/** The terms of the ICC that say who bears cost and risk of the way (Incoterms 2020). */
export const Incoterm = z.enum(['EXW', 'FCA', 'CPT', 'CIP', 'DAP', 'DPU', 'DDP', 'FAS', 'FOB', 'CFR', 'CIF']);
export type Incoterm = z.infer<typeof Incoterm>;
