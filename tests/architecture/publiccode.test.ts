// SPDX-License-Identifier: EUPL-1.2
/** publiccode.yml is read by the catalogue of public software (CAD art. 69): what its standard asks, checked here. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { parse } from "yaml";
import { z } from "zod";

const ROOT = new URL("../../", import.meta.url);
const STANDARD = new URL("../shared/specs/publiccode/", ROOT);
const read = (name: string): unknown => parse(readFileSync(new URL(name, ROOT), "utf8"));

const description = z.strictObject({
  localisedName: z.string().optional(),
  shortDescription: z.string().min(1).max(150).regex(/^.*$/, "a single line"),
  longDescription: z.string().min(150).max(10_000),
  features: z.array(z.string()).min(5).max(20),
  screenshots: z.array(z.string().regex(/\.(png|jpg)$/)),
});
const dependency = z.strictObject({
  name: z.string(),
  versionMin: z.string().optional(),
  optional: z.boolean().optional(),
});
const contact = z.strictObject({ name: z.string(), email: z.email().optional() });
const maintenance = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("none"), contacts: z.array(contact).optional() }),
  z.strictObject({ type: z.enum(["internal", "community"]), contacts: z.array(contact).min(1) }),
  z.strictObject({
    type: z.literal("contract"),
    contractors: z.array(z.strictObject({ name: z.string(), until: z.iso.date() })).min(1),
    contacts: z.array(contact).optional(),
  }),
]);
/** The keys in use of version 0.7; a new one is looked up in the standard and added. */
const publiccode = z.strictObject({
  publiccodeYmlVersion: z.literal("0.7"),
  name: z.string(),
  url: z.url({ protocol: /^https$/ }),
  softwareVersion: z.string(),
  releaseDate: z.iso.date(),
  platforms: z.array(z.string()).min(1),
  categories: z.array(z.string()).min(1),
  developmentStatus: z.enum(["concept", "development", "beta", "stable", "obsolete"]),
  softwareType: z.literal("standalone/web"),
  supports: z.array(z.strictObject({ id: z.string() })),
  intendedAudience: z.strictObject({
    countries: z.array(z.string().regex(/^[A-Z]{2}$/)),
    scope: z.array(z.enum(["education", "local-authorities"])),
  }),
  description: z.record(z.enum(["it", "en"]), description),
  legal: z.strictObject({ license: z.literal("EUPL-1.2") }),
  maintenance,
  localisation: z.strictObject({
    localisationReady: z.boolean(),
    availableLanguages: z.array(z.string()).min(1),
  }),
  dependsOn: z.strictObject({ open: z.array(dependency) }),
});

describe("publiccode.yml", () => {
  it("has every field that the standard asks for, within its lengths and lists", () => {
    const { error } = publiccode.safeParse(read("publiccode.yml"));
    assert.equal(error && z.prettifyError(error), undefined);
  });

  it("has an address of nobody until it is published, and only until then", () => {
    const { url, developmentStatus } = publiccode.parse(read("publiccode.yml"));
    const isReserved = /\.?example\.(org|com|net)$/.test(new URL(url).hostname);
    assert.equal(isReserved, ["concept", "development"].includes(developmentStatus));
  });

  it("names the version of package.json and pictures that are there", () => {
    const code = publiccode.parse(read("publiccode.yml"));
    assert.equal(code.softwareVersion, (read("package.json") as { version: string }).version);
    for (const { screenshots } of Object.values(code.description))
      for (const path of screenshots) assert.ok(existsSync(new URL(path, ROOT)), path);
  });

  const lists = existsSync(STANDARD) ? false : "skipped: no ../shared/specs/publiccode";
  it("uses categories and aliases of the standard's lists", { skip: lists }, () => {
    const code = publiccode.parse(read("publiccode.yml"));
    const list = (name: string) => readFileSync(new URL(name, STANDARD), "utf8");
    const categories = list("categories-list.rst").split("\n");
    for (const category of code.categories)
      assert.ok(categories.includes(`- ${category}`), category);
    for (const { id } of code.supports)
      assert.match(list("aliases-list.rst"), new RegExp(`^${id.replace("alias:", "")} `, "m"));
  });
});
