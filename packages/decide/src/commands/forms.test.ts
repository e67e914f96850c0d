import { buttons, forms, hours } from "@nightshift/model";
import { describe, expect, it } from "vitest";
import { formFor, timelineForm } from "./forms.ts";
import { readForm } from "./forms-read.ts";

const names = { services: ["shop-api", "shop-worker"], groups: ["shop"], people: ["ana", "lead"] };
const at = { incident: "INC-1", context: "{}", names };
const about = { incident: "INC-1", service: "shop-api" };
const no = { dryRun: false, reason: undefined, yes: true };

describe("buttons", () => {
  it.each([
    [buttons.rollback, forms.rollback, ["service", "to", "how", "reason"]],
    [buttons.silence, forms.silence, ["scope", "lasts", "reason"]],
    [buttons.scale, forms.scale, ["service", "count", "lasts", "max", "how", "reason"]],
    [buttons.severity, forms.severity, ["severity", "reason"]],
    [buttons.note, forms.note, ["text"]],
    [buttons.role, forms.role, ["role", "person"]],
    [buttons.postMortem, forms.postMortem, ["impact", "rootCause", "resolution", "prevention", "wentWell", "wentBadly", "actionItems"]],
  ])("%s opens %s", (action, callback, fields) => {
    const form = formFor(action, at);
    expect(form).toMatchObject({ callback, context: "{}" });
    expect(form?.fields.map((field) => field.name)).toEqual(fields);
  });

  it.each([buttons.ack, buttons.resolve, buttons.reopen, buttons.working, buttons.hold, buttons.approve, buttons.deny, "else"])("%s opens none", (action) => {
    expect(formFor(action, at)).toBeUndefined();
  });

  it("fits into Slack's limits: titles of 24, menus of 100", () => {
    const many = { services: Array.from({ length: 150 }, (_, index) => `s${index}`), people: Array.from({ length: 150 }, (_, index) => `p${index}`) };
    for (const action of Object.values(buttons)) {
      const form = formFor(action, { ...at, names: many });
      expect(form?.title.length ?? 0).toBeLessThanOrEqual(24);
      for (const field of form?.fields ?? []) expect(field.kind === "choice" ? field.options.length : 0).toBeLessThanOrEqual(100);
    }
  });

  it("the shortcut's form begins with the message, cut at 2,000 characters", () => {
    expect(timelineForm("x".repeat(2_001), "c").fields[1]).toMatchObject({ name: "text", initial: "x".repeat(2_000) });
    expect(timelineForm("", "c").fields[1]).not.toHaveProperty("initial");
  });
});

describe("what comes back", () => {
  it.each([
    [
      forms.rollback,
      { service: "incident", to: "", how: "do", reason: "bad build" },
      [{ verb: "rollback", service: "shop-api", to: undefined }],
      { dryRun: false, reason: "bad build", yes: true },
    ],
    [
      forms.rollback,
      { service: "shop-worker", to: "shop:41", how: "dry-run", reason: "bad" },
      [{ verb: "rollback", service: "shop-worker", to: "shop:41" }],
      { dryRun: true, reason: "bad", yes: true },
    ],
    [
      forms.scale,
      { service: "incident", count: "+2", lasts: "2h", how: "do", reason: "queue" },
      [{ verb: "scale", service: "shop-api", to: "+2", lasts: hours(2) }],
      { dryRun: false, reason: "queue", yes: true },
    ],
    [
      forms.scale,
      { service: "shop-worker", count: "auto", lasts: "8h", max: "30", how: "do", reason: "sale" },
      [{ verb: "scale", service: "shop-worker", to: "auto", lasts: hours(8), max: 30 }],
      { dryRun: false, reason: "sale", yes: true },
    ],
    [forms.silence, { scope: "shop", lasts: "1h", reason: "load test" }, [{ verb: "silence", scope: "shop", lasts: hours(1) }], { ...no, reason: "load test" }],
    [forms.severity, { severity: "p2" }, [{ verb: "sev", incident: "INC-1", severity: "P2" }], no],
    [forms.note, { text: " restarted the cache " }, [{ verb: "note", incident: "INC-1", text: "restarted the cache" }], no],
    [forms.role, { role: "ops", person: "me" }, [{ verb: "role", incident: "INC-1", role: "ops", person: "me" }], no],
    [
      forms.postMortem,
      { impact: "none", wentWell: "the rollback" },
      [
        { verb: "field", incident: "INC-1", field: "impact", text: "none" },
        { verb: "field", incident: "INC-1", field: "wentWell", text: "the rollback" },
      ],
      no,
    ],
    [forms.addToTimeline, { incident: "inc-2", text: "it began" }, [{ verb: "note", incident: "INC-2", text: "it began" }], no],
    [forms.addToTimeline, { incident: "", text: "it began" }, [{ verb: "note", incident: "INC-1", text: "it began" }], no],
  ])("%s %j", (callback, fields, commands, flags) => {
    expect(readForm(callback, fields, about)).toEqual({ kind: "commands", commands, flags });
  });

  it.each([
    [forms.rollback, { service: "incident", how: "do", reason: "" }, { reason: "This is needed." }],
    [forms.rollback, { service: "a b", how: "do", reason: "x" }, { service: "That is no service." }],
    [forms.rollback, { service: "incident", to: "a;b", how: "do", reason: "x" }, { to: "Write a revision's number, family:number, or an image digest." }],
    [forms.rollback, { service: "incident", how: "do", reason: "x".repeat(501) }, { reason: "At most 500 characters." }],
    [forms.scale, { service: "incident", count: "lots", how: "do", reason: "x" }, { count: "Write 4, +2, -1 or auto." }],
    [forms.scale, { service: "incident", count: "4", max: "0", how: "do", reason: "x" }, { max: "Write a number of workers, or nothing." }],
    [forms.silence, { scope: "shop", lasts: "31d", reason: "x" }, { lasts: "Write a number and m, h or d, such as 30m, 2h or 1d, up to 30d." }],
    [forms.severity, { severity: "p5" }, { severity: "P1, P2, P3 or P4." }],
    [forms.severity, {}, { severity: "This is needed." }],
    [forms.note, { text: "   " }, { text: "This is needed." }],
    [forms.note, { text: "x".repeat(2_001) }, { text: "At most 2000 characters." }],
    [forms.role, { role: "boss", person: "ana" }, { role: "Incident commander, operations or communications." }],
    [forms.role, { role: "ic", person: "<!channel>" }, { person: "That is nobody." }],
    [forms.postMortem, {}, { impact: "Fill in at least one field." }],
    [forms.addToTimeline, { incident: "tomorrow", text: "x" }, { incident: "Write an id that begins with INC-, or nothing." }],
  ])("%s %j is sent back", (callback, fields, mistakes) => {
    expect(readForm(callback, fields, about)).toEqual({ kind: "mistakes", mistakes });
  });

  it("anything but a plain yes only shows what would be done", () => {
    expect(readForm(forms.rollback, { service: "incident", reason: "x" }, about)).toMatchObject({ flags: { dryRun: true } });
    expect(readForm(forms.rollback, { service: "incident", how: "DO", reason: "x" }, about)).toMatchObject({ flags: { dryRun: true } });
  });

  it("is nothing where the form is not ours", () => {
    expect(readForm("ns.form.else", {}, about)).toBeUndefined();
    expect(readForm("__proto__", {}, about)).toBeUndefined();
  });
});
