import type { DeadLetters, Evidence, Pages } from "@nightshift/ports";
import { describe, expect, it } from "vitest";

/** The ways out, and a way to see what arrived. */
export interface TellingStage {
  readonly evidence: Evidence;
  readonly pages: Pages;
  readonly deadLetters: DeadLetters;
  /** The text stored under a key. */
  stored(key: string): Promise<string>;
  /** Subject and text of each page so far. */
  paged(): Promise<readonly { readonly subject: string; readonly text: string }[]>;
  /** Takes the dead letters out of the queue. */
  dead(): Promise<readonly { readonly body: string; readonly error: string }[]>;
}

/** What every implementation shows about evidence, pages and dead letters. */
export function tellingContract(name: string, make: () => Promise<TellingStage>): void {
  describe(`telling on ${name}`, () => {
    it("evidence is stored without secrets, and its hash is that of what is stored", async () => {
      const { evidence, stored } = await make();
      const saved = await evidence.save("contract/1.txt", "password=hunter2");
      // printf 'password=[secret]' | sha256sum
      expect(saved).toEqual({ key: "contract/1.txt", sha256: "13f449fd00264fea2836db21b4cdd480cd2da372d1da711e479574c7f0604ac4" });
      expect(await stored("contract/1.txt")).toBe("password=[secret]");
    });

    it("evidence under the same key is replaced", async () => {
      const { evidence, stored } = await make();
      await evidence.save("contract/2.txt", "first");
      await evidence.save("contract/2.txt", "second → ü");
      expect(await stored("contract/2.txt")).toBe("second → ü");
    });

    it("a page arrives with a subject in plain letters", async () => {
      const { pages, paged } = await make();
      await pages.page({ severity: "P1", subject: "P1 api: 43 → 42", text: "what was seen", key: "contract-3" });
      expect(await paged()).toContainEqual({ subject: "ALARM: P1 api: 43 -> 42", text: "what was seen" });
    });

    it("a dead letter arrives whole, with its error", async () => {
      const { deadLetters, dead } = await make();
      await deadLetters.send('{"a":1}', "detail.state: expected a text");
      expect(await dead()).toEqual([{ body: '{"a":1}', error: "detail.state: expected a text" }]);
    });
  });
}
