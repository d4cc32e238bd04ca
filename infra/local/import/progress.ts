import { SingleBar } from 'cli-progress';

/** How far a long job is. On a terminal a bar, elsewhere a line each tenth; on standard error, out of the way. */
export type Progress = { step(): void; end(): void };

export function progress(title: string, total: number): Progress {
  if (process.stderr.isTTY) {
    const bar = new SingleBar({
      format: `${title.padEnd(20)} {bar} {value}/{total}  {eta_formatted} left`,
      hideCursor: true,
    });
    bar.start(total, 0);
    return { step: () => bar.increment(), end: () => bar.stop() };
  }
  let done = 0;
  let told = 0;
  return {
    step() {
      done++;
      const tenth = Math.floor((done * 10) / total);
      if (tenth > told) process.stderr.write(`${title}: ${done} of ${total}\n`);
      told = Math.max(told, tenth);
    },
    end() {},
  };
}
