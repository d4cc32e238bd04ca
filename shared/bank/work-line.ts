export { workLine } from './work-line-store.ts';
