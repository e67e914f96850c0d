import type { DoRestore } from "@nightshift/decide/backups/decide-restore";
import { shopDatabase } from "@nightshift/decide/backups/database.fixture";
import { backupId, epochMs, minutes } from "@nightshift/model";
import type { GuardName } from "@nightshift/model/guards";
import { play } from "@nightshift/runtime";
import { restore } from "../../functions/restore/automation.ts";
import { runNameOf } from "../../functions/restore/begin.ts";
import { trustedTarget } from "@nightshift/vault/runner/trusted-target";
import { connectTo } from "@nightshift/vault/postgres/session";
import { createServer } from "node:net";
import { goneRuns } from "../../functions/night/close-gone.ts";
import { tellNight } from "../../functions/night/story.ts";
import { approved, plan } from "./backup-automations.ts";
import { nightAgo, NIGHT } from "./backup-facts.ts";
import type { GuardCase } from "./case.ts";

const only = (off: GuardName, promise: string, kept: GuardCase["kept"]): GuardCase => ({ off: [off], promise, kept });

const verdictOf = (id: string): DoRestore => ({
  kind: "restore",
  because: [],
  order: { of: "shop", by: "lead", because: "a bad migration", asked: NIGHT },
  way: { kind: "database", row: nightAgo(1), estimate: undefined },
  source: {
    endpoint: "shop-prod.example.internal:5432",
    instanceClass: "db.t4g.medium",
    subnetGroup: undefined,
    securityGroups: [],
    parameterGroup: undefined,
  },
  tags: { "nightshift:plan": id },
});

const source = { host: "prod.internal", port: 5432, user: "app", password: "secret", database: "shop", sslMode: "require", sslRootCert: undefined };
const sentTo = (host: string) => trustedTarget({ ...source, host }, { own: [source], hosts: ["copy.internal"], authorities: "/rds.pem" });

/** Whether a server that asks for the password itself does not get it. */
async function keepsPassword(): Promise<boolean> {
  const heard: Buffer[] = [];
  const server = createServer((socket) =>
    socket
      .on("data", (data) => {
        heard.push(data);
        if (heard.length > 1) socket.destroy();
        else socket.write(Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 3]));
      })
      .on("error", () => undefined),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  await connectTo({ ...source, host: "127.0.0.1", port, sslMode: "disable", name: "guard", scramOnly: true })().catch(() => undefined);
  server.close();
  return !Buffer.concat(heard).includes("secret");
}

/** What people ask for about backups, without each protective line. */
export const backupAskedGuards: readonly GuardCase[] = [
  only(
    "a restore's run is its own plan's",
    "two plans of one minute have a run each",
    () => runNameOf(verdictOf("R-shop-1")) !== runNameOf(verdictOf("R-shop-2")),
  ),
  only("a restore is of what was ordered", "a run that restored another backup is not called the restore that was asked for", async () => {
    const account = approved();
    const into = "shop_new on shop-prod.example.internal:5432";
    account.ends.restore = { state: "restored", differences: [], findings: [], times: {}, restoredInto: into };
    const { shelf } = account.world;
    const report: typeof shelf.report = async (of, run) => {
      const said = await shelf.report(of, run);
      return said === undefined ? undefined : { ...said, backup: backupId("shop-261101-0200-nightly") };
    };
    const world = Object.assign(account.world, { shelf: { ...shelf, report } });
    const { outcome } = await play(restore, { event: { plan }, settings: [shopDatabase], world, checkpoints: account.checkpoints });
    return outcome?.kind === "failed";
  }),
  only("a password goes only where the config says", "a target that nobody named is refused", () => {
    try {
      sentTo("attacker.example");
      return false;
    } catch {
      return true;
    }
  }),
  only("a target proves who it is", "a target's certificate is verified", () => sentTo("copy.internal").sslMode === "verify-full"),
  only("no password in clear text", "a server that asks for the password itself does not get it", keepsPassword),
  only("a run that still speaks is at work", "a run that reported a minute ago is not called gone", async () => {
    const row = nightAgo(1, { state: "running" });
    const report = async () => ({ run: row.id, of: "shop", phase: "dumping" as const, at: epochMs(NIGHT - minutes(1)) });
    const { shelf, clock } = approved().world;
    return (await goneRuns({ shelf: { ...shelf, report }, clock }, [row])).length === 0;
  }),
  only("a person's request is answered", "who asks for a backup inside a hold hears of the hold", () => {
    const due = { of: "shop", scheduled: NIGHT, series: "manual", by: "ana" } as const;
    const known = { at: NIGHT, scheduled: NIGHT, series: "manual", rows: [], instance: undefined, deploying: [], heldBecause: "ana: stop" } as const;
    const facts = { ...known, due, trouble: undefined, channel: undefined };
    const because = ["nothing is changed inside a hold: ana: stop"];
    return tellNight({ ending: "left", event: due, facts, verdict: { kind: "leave", because, red: false } }).lines.length > 0;
  }),
];
