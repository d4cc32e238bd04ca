export { type LineToWork, workLine } from './work-line-store.ts';
