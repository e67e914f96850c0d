import type { StreamProgress } from "./segments.ts";

/** Tells how far a stream is, once a second and at its end. */
export interface Meter {
  report(): void;
  end(): void;
}

const everyMs = 1_000;

/** Reads the segments as they grow. The rate is of the archive, since the last report. */
export function meter(
  segments: readonly { readonly number: number; readonly archiveBytes: number; readonly storedBytes: number }[],
  tell: ((progress: StreamProgress) => void) | undefined,
  now: () => number = () => performance.now(),
): Meter {
  let [toldAt, toldBytes] = [now(), 0];
  const say = (): void => {
    const at = now();
    const archiveBytes = segments.reduce((sum, segment) => sum + segment.archiveBytes, 0);
    const storedBytes = segments.reduce((sum, segment) => sum + segment.storedBytes, 0);
    const bytesPerSecond = Math.round(((archiveBytes - toldBytes) * 1_000) / Math.max(1, at - toldAt));
    [toldAt, toldBytes] = [at, archiveBytes];
    tell?.({ archiveBytes, storedBytes, segment: segments.at(-1)?.number ?? 0, bytesPerSecond });
  };
  return {
    report() {
      if (tell !== undefined && now() - toldAt >= everyMs) say();
    },
    end: say,
  };
}
