import { expect, test } from "vitest";
import { printable } from "../../packages/cli/src/frame/terminal.ts";

test.each([
  ["a colour in an alarm's name", "api \u001b[31mred", "api [31mred"],
  ["a bell", "ring\u0007", "ring"],
  ["a carriage return that would overwrite the line", "bad\rgood", "badgood"],
  ["an eight-bit control sequence", "a\u009b2Jb", "a2Jb"],
  ["tabs, line ends and other languages stay", "a\tb\nü 日本", "a\tb\nü 日本"],
])("%s", (_, text, shown) => expect(printable(text)).toBe(shown));
