import type { World } from "@nightshift/ports";
import type { UnmadeCall } from "./rehearsal.ts";

/** What a rehearsal may read of worker services. */
export type ReadableFleet = Pick<World, "clock" | "fleets"> & { readonly scalingBook?: World["scalingBook"] };

type Port = "queues" | "workers" | "fleets" | "scaling" | "scalingBook" | "ticks" | "gauges";

/** Worker services as they are, with recorders for what would change them. No broker is asked, so queues are unknown. */
export function unscaled(
  readable: ReadableFleet,
  note: (operation: UnmadeCall["operation"], on: string, input: UnmadeCall["input"]) => void,
): Pick<World, Port> {
  const { clock, fleets, scalingBook } = readable;
  return {
    fleets,
    queues: { probe: async ({ broker }) => ({ kind: "unknown", at: clock.now(), broker: broker.kind, because: "a rehearsal asks no broker" }) },
    workers: { look: async () => [], stopConsuming: async () => false, startConsuming: async () => false },
    scaling: {
      setDesired: async (ref, desiredCount) =>
        note("ecs:UpdateService", `${ref.cluster}/${ref.service}`, { cluster: ref.cluster, service: ref.service, desiredCount }),
      protect: async (ref, tasks) =>
        note("ecs:UpdateTaskProtection", `${ref.cluster}/${ref.service}`, { cluster: ref.cluster, tasks, protectionEnabled: true }),
      unprotect: async (ref, tasks) =>
        note("ecs:UpdateTaskProtection", `${ref.cluster}/${ref.service}`, { cluster: ref.cluster, tasks, protectionEnabled: false }),
    },
    scalingBook: {
      read: async (service) => (await scalingBook?.read(service)) ?? { state: undefined, order: undefined },
      replace: async () => true,
      order: async () => {},
      endOrder: async () => false,
      record: async () => {},
      decisions: async (service, before) => (await scalingBook?.decisions(service, before)) ?? [],
    },
    ticks: { later: async () => {}, now: async () => {} },
    gauges: { publish: async () => {} },
  };
}
