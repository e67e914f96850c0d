import type * as z from "zod/mini";
import { backups, caches, media, tables } from "./backups.ts";
import { budgets } from "./budgets.ts";
import { databases } from "./databases.ts";
import { heartbeatUrl, incidents, maintenance } from "./incidents.ts";
import { network } from "./network.ts";
import { escalation, onCall } from "./on-call.ts";
import { channels, people, roleGroups, slack } from "./people.ts";
import { account, mode, product, region } from "./product.ts";
import { services } from "./services.ts";
import { severities } from "./severities.ts";
import { workers } from "./workers.ts";

/** Every key that a config may have, in the order of the reference page. A new automation adds its file here. */
export const sections = {
  product,
  mode,
  region,
  account,
  channels,
  slack,
  people,
  roleGroups,
  onCall,
  escalation,
  severities,
  incidents,
  maintenance,
  heartbeatUrl,
  services,
  workers,
  databases,
  tables,
  caches,
  media,
  backups,
  network,
  budgets,
};

type Schemas = { readonly [Key in keyof typeof sections]: (typeof sections)[Key]["schema"] };
type Optional = { [Key in keyof Schemas]: undefined extends z.input<Schemas[Key]> ? Key : never }[keyof Schemas];

/** What `defineNightshift` takes. */
export type NightshiftConfig = { readonly [Key in Exclude<keyof Schemas, Optional>]: z.input<Schemas[Key]> } & {
  readonly [Key in Optional]?: z.input<Schemas[Key]>;
};

/** The same after the check, every default filled in. */
export type ParsedConfig = { readonly [Key in keyof Schemas]: z.output<Schemas[Key]> };
