import { describe, expect, it } from "vitest";
import { redact } from "./redact.ts";

describe("what must not leave a log", () => {
  it.each([
    ["an access key id", "using AKIAIOSFODNN7EXAMPLE now", "using [aws key] now"],
    ["a secret access key by name", "aws_secret_access_key=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "aws_secret_access_key=[secret]"],
    ["a bearer token", "authorization header Bearer abcdef0123456789", "authorization header Bearer [token]"],
    ["a JSON web token", "got eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl", "got [token]"],
    ["a Slack token", `xoxb-${"1234567890"}-abcdefghij`, "[token]"],
    ["a password in a URL", "connect postgres://shop:hunter2@db.local:5432/shop", "connect postgres://[credentials]@db.local:5432/shop"],
    ["a Redis URL without a user", "redis://:hunter2@cache:6379/0", "redis://[credentials]@cache:6379/0"],
    ["a password in JSON", '{"password": "hunter2", "user": "a"}', '{"password": [secret], "user": "a"}'],
    ["a password in a query", "GET /login?password=hunter2&next=/ 500", "GET /login?password=[secret]&next=/ 500"],
    ["an api key in capitals", "STRIPE_API_KEY: sk_live_51Habcdefghijklmnop", "STRIPE_API_KEY: [token]"],
    ["a private key", "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----", "[private key]"],
    [
      "a presigned URL",
      "https://b.s3.amazonaws.com/k?X-Amz-Signature=abc123&X-Amz-Date=1",
      "https://b.s3.amazonaws.com/k?X-Amz-Signature=[secret]&X-Amz-Date=1",
    ],
    ["an e-mail address", "user jo.doe+x@example.co.uk failed", "user [e-mail] failed"],
  ])("%s", (_, text, kept) => {
    expect(redact(text)).toBe(kept);
    expect(redact(kept)).toBe(kept);
  });

  it.each([
    "GET /orders 500 in 31 ms",
    "sha256:4e07408562bedb8b60ce05c1decfe3ad16b72230967de01f640b7e4729b49fce",
    "arn:aws:ecs:eu-central-1:123456789012:service/shop/api",
    "KeyError: 'total'",
    "2026-11-21T09:00:00.000Z task 0123456789abcdef0123456789abcdef stopped",
    "http://localhost:8080/health:ready",
  ])("leaves %s alone", (text) => {
    expect(redact(text)).toBe(text);
  });

  it("takes time that grows with the text, not with its square", () => {
    const line = "a".repeat(200_000);
    const before = performance.now();
    expect(redact(line)).toBe(line);
    expect(performance.now() - before).toBeLessThan(2_000);
  });
});
