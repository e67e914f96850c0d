/** Small tables of the documentation, from the registries that the code itself walks. */

const cell = (text: string): string => text.replaceAll("|", "\\|");
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => "---"), ...rows].map((row) => `| ${row.map(cell).join(" | ")} |`).join("\n");

/** What reaches us: one row a shape, with AWS's page and whether AWS documents the form. */
export async function eventTableMarkdown(): Promise<string> {
  const { describeShapes } = await import("../events/src/catalogue.ts");
  return table(
    ["event", "form", "AWS's page", "samples"],
    describeShapes().map(({ title, mark, pages, samples }) => [
      title,
      mark,
      pages.map(({ page, address, read }) => `[${page}](${address}) (${read})`).join(", "),
      String(samples.length),
    ]),
  );
}

/** The lab's scenarios, in the order `lab list` prints them. */
export async function scenarioTableMarkdown(): Promise<string> {
  const { scenarios } = await import("@nightshift/lab/scenarios/index");
  return table(
    ["scenario", "what happens", "expected verdict", "deployment to blame"],
    scenarios.map(({ name, title, expected }) => [`\`${name}\``, title, expected.verdict, expected.toBlame ? "yes" : "no"]),
  );
}

/** The commands of `npx nightshift`. */
export async function commandTableMarkdown(): Promise<string> {
  const [{ commandsIn }, { machine }] = await Promise.all([import("@nightshift/cli/commands/index"), import("@nightshift/cli/place/machine")]);
  return table(
    ["command", "what it does"],
    commandsIn(machine()).map(({ path, words, summary }) => [`\`npx nightshift ${[...path, ...(words === undefined ? [] : [words])].join(" ")}\``, summary]),
  );
}
