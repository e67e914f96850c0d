import type { Command, Verb } from "@nightshift/model";
import type { Carry, On, Prepared } from "../verb.ts";
import { ack } from "./ack.ts";
import { approve } from "./approve.ts";
import { deny } from "./deny.ts";
import { deploys } from "./deploys.ts";
import { drill } from "./drill.ts";
import { field } from "./field.ts";
import { freeze } from "./freeze.ts";
import { handoff } from "./handoff.ts";
import { help } from "./help.ts";
import { hold } from "./hold.ts";
import { holds } from "./holds.ts";
import { incidents } from "./incidents.ts";
import { merge } from "./merge.ts";
import { mitigating } from "./mitigating.ts";
import { note } from "./note.ts";
import { oncall } from "./oncall.ts";
import { open } from "./open.ts";
import { page } from "./page.ts";
import { postmortem } from "./postmortem.ts";
import { release } from "./release.ts";
import { reopen } from "./reopen.ts";
import { resolve } from "./resolve.ts";
import { role } from "./role.ts";
import { rollback } from "./rollback.ts";
import { scale } from "./scale.ts";
import { sev } from "./sev.ts";
import { show } from "./show.ts";
import { silence } from "./silence.ts";
import { silences } from "./silences.ts";
import { status } from "./status.ts";
import { testAlert } from "./test-alert.ts";
import { unfreeze } from "./unfreeze.ts";
import { unsilence } from "./unsilence.ts";
import { version } from "./version.ts";
import { whoami } from "./whoami.ts";

/** Every verb there is; one that is missing does not type-check. */
const registry: { readonly [V in Verb]: Carry<V> } = {
  help,
  whoami,
  version,
  status,
  incidents,
  show,
  oncall,
  silences,
  holds,
  deploys,
  postmortem,
  drill,
  open,
  ack,
  resolve,
  reopen,
  sev,
  note,
  field,
  merge,
  role,
  mitigating,
  page,
  handoff,
  silence,
  unsilence,
  rollback,
  scale,
  backup: async (command, on) => (await on.backupVerbs()).backup(command, on),
  restore: async (command, on) => (await on.backupVerbs()).restore(command, on),
  hold,
  release,
  freeze,
  unfreeze,
  approve,
  deny,
  "test-alert": testAlert,
};

/** Works out what a command comes to; changes nothing. */
export const prepare = (command: Command, on: On): Promise<Prepared> => {
  const carry = registry[command.verb] as Carry<Verb>; // The registry pairs each verb with its own command.
  return carry(command, on);
};
