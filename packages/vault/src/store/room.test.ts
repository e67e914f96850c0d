import { expect, test } from "vitest";
import { whileRoom } from "./room.ts";

const failing = (code: string): Promise<never> => Promise.reject(Object.assign(new Error(`${code}: no`), { code }));

test.each([
  ["ENOSPC", "invalid", "write on /backups: its disk is full; free some space there, or name another directory"],
  ["EACCES", "denied", "write on /backups: it may not be written; give us the right to, or name another directory"],
  ["ENOTDIR", "invalid", "write on /backups: a file lies where a directory is needed; name another directory"],
])("%s is said as what it is", async (code, kind, message) => {
  await expect(whileRoom("/backups", failing(code))).rejects.toMatchObject({ kind, message });
});

test("what is written comes back, and another failure stays itself", async () => {
  expect(await whileRoom("/backups", Promise.resolve(7))).toBe(7);
  await expect(whileRoom("/backups", failing("EIO"))).rejects.toThrow("EIO: no");
});
