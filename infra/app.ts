import { BundleError } from './bundle.ts';
import { ContextError } from './context.ts';
import { makeApp } from './synth.ts';

// What `cdk synth` and `cdk deploy` run: bundles the functions and writes the templates.
try {
  const app = await makeApp({ bundles: 'fresh' });
  app.synth();
} catch (error) {
  if (!(error instanceof ContextError || error instanceof BundleError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
