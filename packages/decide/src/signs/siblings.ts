import type { Look } from "@nightshift/model";
import type { Sign } from "./sign.ts";

/** Services outside the group: when one of them fails the same way, the cause is shared. */
export function siblings(look: Look): readonly Sign[] {
  const all = look.siblings ?? [];
  const failing = all.filter((one) => one.failing).map((one) => one.service);
  if (failing.length > 0)
    return [{ points: "elsewhere", settles: true, says: `${failing.join(", ")} ${failing.length === 1 ? "fails" : "fail"} the same way: shared cause` }];
  return all.length === 0 ? [] : [{ points: "deployment", settles: false, says: "no other service affected" }];
}
