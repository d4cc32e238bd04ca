import { checkOurDocuments, failures, summary } from './conformance.ts';
import { missingData } from './rules.ts';

const missing = missingData();
if (missing === undefined) {
  const started = performance.now();
  const checked = await checkOurDocuments();
  const failed = failures(checked);
  for (const failure of failed) console.log(failure);
  console.log(summary(checked, performance.now() - started));
  process.exitCode = failed.length > 0 ? 1 : 0;
} else {
  console.log(`skipped: ${missing}`);
}
