/// <reference path="./.sst/platform/config.d.ts" />

export default $config({
  app(input) {
    return {
      name: "nightshift",
      home: "aws",
      removal: input.stage === "production" ? "retain" : "remove",
      protect: input.stage === "production",
      providers: { aws: { defaultTags: { tags: { "nightshift:owner": "nightshift" } } } },
    };
  },
  async run() {
    // SST refuses imports at the top of this file (SST 4.17.1; anomalyco/sst #5616, read 2026-11-21).
    const { deploy } = await import("./stacks/index.ts");
    return deploy();
  },
});
