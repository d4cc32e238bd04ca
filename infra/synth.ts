import { fileURLToPath } from 'node:url';
import { App, Tags } from 'aws-cdk-lib';
import { bundle } from './bundle.ts';
import { contextOfCdkJson, deploymentFrom } from './context.ts';
import { DataStack } from './data-stack.ts';
import { MonitoringStack } from './monitoring-stack.ts';
import { addNagPacks } from './parts/nag.ts';
import { ServiceStack } from './service-stack.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

export type SynthOptions = {
  /** Where the templates go; `cdk.out` in the project unless said otherwise, here or by the CDK's command line. */
  readonly outdir?: string;
  /** Laid over the context of `cdk.json`. */
  readonly context?: Readonly<Record<string, unknown>>;
  /** `fresh` bundles the functions first; `as built` takes what lies in `dist/`. */
  readonly bundles: 'fresh' | 'as built';
};

/**
 * The app with its three stacks, from the context of `cdk.json` and the bundles in `dist/`. Needs neither an account
 * nor credentials nor the network.
 * @throws ContextError, BundleError
 */
export async function makeApp(options: SynthOptions): Promise<App> {
  const app = new App({
    outdir: options.outdir ?? process.env['CDK_OUTDIR'] ?? `${root}cdk.out`,
    context: { ...contextOfCdkJson(), ...options.context },
    analyticsReporting: false,
  });
  const deployment = deploymentFrom((key) => app.node.tryGetContext(key));
  if (options.bundles === 'fresh') await bundle();

  const prefix = `o2c-${deployment.stage}`;
  const common = {
    ...(deployment.region !== undefined && { env: { region: deployment.region } }),
    terminationProtection: deployment.stage !== 'dev',
    deployment,
  };
  const data = new DataStack(app, `${prefix}-data`, {
    ...common,
    description: `Order to cash, ${deployment.stage}: what must outlive a deploy`,
  });
  const service = new ServiceStack(app, `${prefix}-service`, {
    ...common,
    description: `Order to cash, ${deployment.stage}: everything that runs`,
    data,
  });
  new MonitoringStack(app, `${prefix}-monitoring`, {
    ...common,
    description: `Order to cash, ${deployment.stage}: alarms and the dashboard`,
    service,
  });
  Tags.of(app).add('application', 'order-to-cash');
  Tags.of(app).add('stage', deployment.stage);
  addNagPacks(app);
  return app;
}
