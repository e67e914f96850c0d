import { readdirSync, readFileSync } from "node:fs";
import { samples, type SampleAbout } from "../src/catalogue.ts";

/** A sample as it lies in this folder, with what is known of it. For tests, scripts and the command line; never part of a function. */
export interface Sample {
  readonly about: SampleAbout;
  readonly text: string;
}

/** Every sample that the index lists. */
export const loadSamples = (): readonly Sample[] => samples.map((about) => ({ about, text: readFileSync(new URL(about.file, import.meta.url), "utf8") }));

/** The JSON files that lie here beside the index. */
export const sampleFiles = (): readonly string[] => readdirSync(new URL(".", import.meta.url)).filter((file) => file.endsWith(".json") && file !== "index.json");

/** The text of one sample, by its name without `.json`. */
export const sampleText = (name: string): string => readFileSync(new URL(`${name}.json`, import.meta.url), "utf8");
