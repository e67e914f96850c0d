import {
  type BackupRates,
  cloudPart,
  dumpBack,
  type JudgedTarget,
  judgeTarget,
  largestThatFits,
  ratedPart,
  type RecoveryWay,
  sayBytes,
  type WayPart,
} from "@nightshift/decide/backups/recovery-targets";
import { hours, ms } from "@nightshift/model";
import type { ProductFacts, Promised } from "./facts.ts";

/** Every promise of a product, held against the ways that its document sets up. */
export const judgeProduct = (product: ProductFacts, rates: BackupRates): readonly JudgedTarget[] =>
  product.promised.map((promised) => {
    const judged = judgeTarget({ ...promised, ways: waysOf(product, promised, rates) });
    const fits = promised.asked === undefined || judged.stands === "met" ? undefined : sayFit(product, promised, rates);
    return fits === undefined ? judged : { ...judged, because: `${judged.because}; ${fits}` };
  });

/** The ways of one promise. */
function waysOf(product: ProductFacts, promised: Promised, rates: BackupRates): readonly RecoveryWay[] {
  return promised.kind === "RPO"
    ? lossesOf(product, promised, rates)
    : product.holds === "dynamodb"
      ? tableWays(product, promised)
      : databaseWays(product, promised, rates);
}

function tableWays({ keeps }: ProductFacts, { when }: Promised): readonly RecoveryWay[] {
  return when === "the region is lost" && !keeps.secondRegion
    ? []
    : [{ by: "a table restored to a point in time", parts: [cloudPart("table restored"), cloudPart("switch over")] }];
}

function databaseWays({ bytes, keeps }: ProductFacts, { when }: Promised, rates: BackupRates): readonly RecoveryWay[] {
  const { nightlyDump, pointInTime, secondRegion, standby } = keeps;
  if (when === "the region is lost" && !secondRegion) return [];
  const scan = ratedPart("read and compare every block", bytes, { perSecond: rates.compare, source: rates.source });
  const back = dumpBack(bytes, rates);
  const far: readonly WayPart[] = when === "the region is lost" || when === "everything is lost" ? [cloudPart("services in another region")] : [];
  return [
    ...(standby && when === "the server is lost" ? [{ by: "the standby", parts: [cloudPart("standby takes over")] }] : []),
    ...(nightlyDump && when === "the database is damaged"
      ? [{ by: "a dump into a new database on the same server", parts: [cloudPart("new database"), ...back, cloudPart("switch over")] }]
      : []),
    ...(nightlyDump ? [{ by: "a dump into a new instance", parts: [cloudPart("new instance"), ...back, ...far, cloudPart("switch over")] }] : []),
    ...(pointInTime
      ? [{ by: "a point in time into a new instance", parts: [cloudPart("restored instance available"), scan, ...far, cloudPart("switch over")] }]
      : []),
  ];
}

function lossesOf({ bytes, holds, keeps }: ProductFacts, { when }: Promised, rates: BackupRates): readonly RecoveryWay[] {
  if (when === "the region is lost") return [];
  if (keeps.pointInTime) return [{ by: "a point in time", parts: [cloudPart(holds === "dynamodb" ? "table's point in time" : "logs in S3")] }];
  if (!keeps.nightlyDump) return [];
  const dump = ratedPart("until the next one is dumped", bytes, { perSecond: rates.dump, source: rates.source });
  const back = dumpBack(bytes, rates);
  const sum = (which: "usual" | "worst") => ms(back.reduce((total, part) => total + part[which], 0));
  const proof: WayPart = { ...dump, what: "until it is proven", usual: sum("usual"), worst: sum("worst"), source: rates.source };
  // What happens is as likely early in the day as late: half a day on the average, a whole one at worst.
  const day: WayPart = {
    what: "a day between two dumps",
    usual: hours(12),
    worst: hours(24),
    sure: "documented",
    source: "the document's own schedule, 02:00 UTC",
  };
  return [{ by: "the newest proven dump", parts: [day, dump, proof] }];
}

/** How large the database might be for this promise to be kept on an ordinary day. */
function sayFit({ keeps, holds }: ProductFacts, { kind, when, asked }: Promised, rates: BackupRates): string | undefined {
  if (kind !== "RTO" || asked === undefined || holds !== "postgres" || !keeps.nightlyDump || when !== "the database is damaged") return undefined;
  const most = largestThatFits(asked, [cloudPart("new database"), cloudPart("switch over")], rates);
  return most === undefined ? undefined : `on an ordinary day it holds up to ${sayBytes(most)}`;
}
