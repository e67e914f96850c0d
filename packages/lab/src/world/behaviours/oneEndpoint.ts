import type { Behaviour } from "../behaviour.ts";

/** One endpoint, which gets `traffic` of the requests (0 to 1), fails; the others do not. */
export function oneEndpoint(how: { readonly path: string; readonly traffic: number; readonly share?: number }): Behaviour {
  const share = how.share ?? 1;
  return {
    name: "one-endpoint",
    serve: (at) => ({ ...at.base, errorShare: at.base.errorShare + (1 - at.base.errorShare) * how.traffic * share }),
    path: (path, at) => (path.startsWith(how.path) ? share : at.base.errorShare),
    complaint: `Error: POST ${how.path} failed: column "discount" does not exist`,
  };
}
