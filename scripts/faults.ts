import { listFaults, openFaultStage, type Fault, type Tried } from "../test/postgres/proof/faults.ts";

/** `npm run faults [-- --list]`: damages restored copies and sources one by one, and says which check found it. Exit 1 when one is missed. */
const faults = await listFaults();
if (process.argv.includes("--list")) {
  for (const fault of faults) console.log(`${fault.name.padEnd(32)} ${by(fault).padEnd(26)} ${fault.title}`);
  console.log(
    `${faults.length} faults: ${faults.filter(({ where }) => where === "restored").length} in a restored copy, ${faults.filter(({ where }) => where === "source").length} at the source`,
  );
} else {
  const stage = await openFaultStage();
  try {
    console.log(`${stage.control.length === 0 ? "✓" : "✗"} a copy without a fault: ${stage.control.length} differences`);
    let missed = stage.control.length;
    for (const fault of faults) {
      const tried = await stage.attempt(fault);
      if (!tried.ok) missed += 1;
      console.log(say(tried));
    }
    console.log(`${faults.length - missed} of ${faults.length} faults were found by the checks they name, and by no other`);
    if (missed > 0) process.exitCode = 1;
  } finally {
    await stage.stop();
  }
}

function by(fault: Fault): string {
  return fault.where === "restored" ? fault.checks.join(", ") : "the source itself";
}

function say({ fault, found, withoutThem, ok }: Tried): string {
  const head = `${ok ? "✓" : "✗"} ${fault.name.padEnd(32)}`;
  if (fault.where === "source") return `${head} ${found.join("; ") || "nothing was said"}`;
  const without = withoutThem.length === 0 ? "missed without" : `without them still: ${withoutThem.join("; ")}`;
  return ok
    ? `${head} found by ${found.join(", ")}; ${without}`
    : `${head} expected ${fault.checks.join(", ")}; found by ${found.join(", ") || "nothing"}; ${without}`;
}
