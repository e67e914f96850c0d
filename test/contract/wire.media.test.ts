import { mediaFrom } from "@nightshift/aws/s3-media";
import { epochMs } from "@nightshift/model";
import { describe, expect, it } from "vitest";
import { LoopbackStage, reach, s3Fault, s3Xml } from "./loopback-stage.ts";

/** Buckets of media over real HTTP through the real SDK. */
const aws = new LoopbackStage();

describe("media over HTTP", () => {
  it("GetBucketVersioning, GetBucketReplication, GetObjectLockConfiguration: all that is on", async () => {
    const rule = (to: string, status: string, filter: string) =>
      `<Rule><Status>${status}</Status><Priority>1</Priority>${filter}<Destination><Bucket>arn:aws:s3:::${to}</Bucket></Destination></Rule>`;
    aws.answers = {
      "/media/?versioning=": () => s3Xml("<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>"),
      "/media/?replication=": () =>
        s3Xml(
          `<ReplicationConfiguration><Role>arn:aws:iam::1:role/r</Role>${rule("media-copy", "Enabled", "<Filter><Prefix>photos/</Prefix></Filter>")}${rule("old-copy", "Disabled", "<Filter><And><Prefix>a/</Prefix></And></Filter>")}${rule("all", "Enabled", "")}</ReplicationConfiguration>`,
        ),
      "/media/?object-lock=": () => s3Xml("<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled></ObjectLockConfiguration>"),
    };
    expect(await mediaFrom(reach()).look("media")).toEqual({
      versioning: "on",
      replication: [
        { to: "media-copy", status: "on", prefix: "photos/" },
        { to: "old-copy", status: "off", prefix: "a/" },
        { to: "all", status: "on", prefix: "" },
      ],
      locked: true,
    });
  });

  it.each([
    ["<VersioningConfiguration/>", "off"],
    ["<VersioningConfiguration><Status>Suspended</Status></VersioningConfiguration>", "suspended"],
  ])("a bucket that answers %s is %s, without replication and lock", async (body, versioning) => {
    aws.answers = {
      "/media/?versioning=": () => s3Xml(body),
      "/media/?replication=": () => s3Fault("ReplicationConfigurationNotFoundError", 404),
      "/media/?object-lock=": () => s3Fault("ObjectLockConfigurationNotFoundError", 404),
    };
    expect(await mediaFrom(reach()).look("media")).toEqual({ versioning, replication: [], locked: false });
  });

  it("a bucket that is not there is not one without replication", async () => {
    aws.answers = Object.fromEntries(["versioning", "replication", "object-lock"].map((what) => [`/media/?${what}=`, () => s3Fault("NoSuchBucket", 404)]));
    await expect(mediaFrom(reach()).look("media")).rejects.toMatchObject({ kind: "not-found" });
  });

  const key = "photos/.nightshift/canary/261121.txt";

  it("PutObject: a canary's version comes back; without one nothing can be replicated", async () => {
    aws.answers = { [`/media/${key}`]: () => s3Xml("", { "x-amz-version-id": "v7" }) };
    expect(await mediaFrom(reach()).putCanary("media", key, "tweet")).toBe("v7");
    expect([aws.heard[0]?.method, String(aws.heard[0]?.body)]).toEqual(["PUT", expect.stringContaining("tweet")]);
    aws.answers = { [`/media/${key}`]: () => s3Xml("") };
    await expect(mediaFrom(reach()).putCanary("media", key, "tweet")).rejects.toMatchObject({ message: expect.stringContaining("keeps no versions") });
  });

  it("PutObject: nothing but a canary is written", async () => {
    await expect(mediaFrom(reach()).putCanary("media", "photos/cat.jpg", "tweet")).rejects.toMatchObject({ kind: "invalid" });
    expect(aws.heard).toEqual([]);
  });

  it("GetObject: the canary in the replica, which is asked in its own region when S3 names it", async () => {
    aws.answers = {
      [`/media-copy/${key}`]: ({ headers }) =>
        String(headers["authorization"]).includes("/eu-west-1/s3/")
          ? s3Xml("tweet", { "last-modified": "Sat, 21 Nov 2026 02:00:00 GMT", "content-type": "text/plain" })
          : s3Fault("PermanentRedirect", 301, { "x-amz-bucket-region": "eu-west-1" }),
    };
    expect(await mediaFrom(reach()).canary("media-copy", key)).toEqual({ body: "tweet", at: epochMs(1_795_226_400_000) });
    expect(aws.heard.length).toBe(2);
  });

  it("GetObject: not there yet is an answer; denied is not", async () => {
    aws.answers = { [`/media-copy/${key}`]: () => s3Fault("NoSuchKey", 404) };
    expect(await mediaFrom(reach()).canary("media-copy", key)).toBeUndefined();
    aws.answers = { [`/media-copy/${key}`]: () => s3Fault("AccessDenied", 403) };
    await expect(mediaFrom(reach()).canary("media-copy", key)).rejects.toMatchObject({ kind: "denied" });
  });
});
