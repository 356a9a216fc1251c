// SPDX-License-Identifier: EUPL-1.2
/** A small judge of JSON by the schemas inside an OpenAPI 3.0 document. A keyword it does not know is an error, not a yes. */
type Json = Record<string, unknown>;

const WITHOUT_RULE: ReadonlySet<string> = new Set([
  ...[
    "description",
    "title",
    "example",
    "examples",
    "default",
    "deprecated",
    "xml",
    "externalDocs",
  ],
  ...["readOnly", "writeOnly", "discriminator", "x-internal"],
]);
const FORMATS: Readonly<Record<string, RegExp>> = {
  uri: /^[a-z][a-z0-9+.-]*:\S+$/i,
  email: /^[^\s@]+@[^\s@]+$/,
  date: /^\d{4}-\d\d-\d\d$/,
  "local-date-time": /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?$/,
  "date-time": /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/,
};
const FREE_FORMATS: ReadonlySet<string> = new Set(["int32", "int64", "double", "float", "byte"]);

/** What is wrong with `value`, place by place; empty when it conforms. @param pointer as `#/components/schemas/Cart` */
export function schemaFaults(document: unknown, pointer: string, value: unknown): string[] {
  const resolve = (reference: string): Json => {
    const found = reference
      .split("/")
      .slice(1)
      .reduce<unknown>((at, name) => (at as Json | undefined)?.[name], document);
    if (typeof found !== "object" || found === null) throw new Error(`no ${reference}`);
    return found as Json;
  };
  const judge = (schema: Json, at: string, given: unknown): string[] => {
    if (typeof schema["$ref"] === "string") return judge(resolve(schema["$ref"]), at, given);
    if (given === null) return schema["nullable"] === true ? [] : [`${at}: null`];
    return Object.entries(schema).flatMap(([keyword, rule]) =>
      faultsOf({ keyword, rule, schema, at, given, judge }),
    );
  };
  return judge(resolve(pointer), "", value);
}

interface Question {
  readonly keyword: string;
  readonly rule: unknown;
  readonly schema: Json;
  readonly at: string;
  readonly given: unknown;
  readonly judge: (schema: Json, at: string, given: unknown) => string[];
}

function faultsOf(question: Question): string[] {
  const { keyword, rule, at, given, judge } = question;
  const unless = (isRight: boolean): string[] =>
    isRight ? [] : [`${at}: ${keyword} ${String(rule)}`];
  const size = typeof given === "string" ? [...given].length : undefined;
  switch (keyword) {
    case "type":
      return unless(isOfType(given, String(rule)));
    case "enum":
      return unless((rule as unknown[]).includes(given));
    case "minLength":
      return unless(size === undefined || size >= Number(rule));
    case "maxLength":
      return unless(size === undefined || size <= Number(rule));
    case "pattern":
      return unless(typeof given !== "string" || new RegExp(String(rule), "u").test(given));
    case "format":
      return unless(hasFormat(given, String(rule)));
    case "minItems":
      return unless(!Array.isArray(given) || given.length >= Number(rule));
    case "maxItems":
      return unless(!Array.isArray(given) || given.length <= Number(rule));
    case "items":
      return Array.isArray(given)
        ? given.flatMap((one: unknown, index) => judge(rule as Json, `${at}/${index}`, one))
        : [];
    case "allOf":
      return (rule as Json[]).flatMap((part) => judge(part, at, given));
    case "anyOf":
    case "oneOf":
      return unless((rule as Json[]).some((part) => judge(part, at, given).length === 0));
    default:
      return faultsOfNumberOrObject(question);
  }
}

function faultsOfNumberOrObject({ keyword, rule, schema, at, given, judge }: Question): string[] {
  const unless = (isRight: boolean): string[] =>
    isRight ? [] : [`${at}: ${keyword} ${String(rule)}`];
  const amount = typeof given === "number" ? given : undefined;
  const fields = typeof given === "object" && !Array.isArray(given) ? (given as Json) : undefined;
  switch (keyword) {
    case "minimum":
      return unless(
        amount === undefined ||
          (schema["exclusiveMinimum"] === true ? amount > Number(rule) : amount >= Number(rule)),
      );
    case "maximum":
      return unless(
        amount === undefined ||
          (schema["exclusiveMaximum"] === true ? amount < Number(rule) : amount <= Number(rule)),
      );
    case "required":
      return (rule as string[])
        .filter((name) => fields !== undefined && fields[name] === undefined)
        .map((name) => `${at}/${name}: missing`);
    case "properties":
      return Object.entries(rule as Record<string, Json>).flatMap(([name, part]) =>
        fields?.[name] === undefined ? [] : judge(part, `${at}/${name}`, fields[name]),
      );
    case "additionalProperties": {
      const known = Object.keys((schema["properties"] as Json | undefined) ?? {});
      const others = Object.keys(fields ?? {}).filter((name) => !known.includes(name));
      if (typeof rule === "object")
        return others.flatMap((name) => judge(rule as Json, `${at}/${name}`, fields?.[name]));
      return rule === false ? others.map((name) => `${at}/${name}: unknown`) : [];
    }
    case "exclusiveMinimum":
    case "exclusiveMaximum":
    case "nullable":
    case "uniqueItems":
      return keyword !== "uniqueItems" || !Array.isArray(given)
        ? []
        : unless(new Set(given.map((one) => JSON.stringify(one))).size === given.length);
    default:
      if (WITHOUT_RULE.has(keyword)) return [];
      throw new Error(`${at}: the judge does not know "${keyword}"`);
  }
}

function isOfType(given: unknown, type: string): boolean {
  switch (type) {
    case "integer":
      return Number.isSafeInteger(given);
    case "array":
      return Array.isArray(given);
    case "object":
      return typeof given === "object" && !Array.isArray(given);
    default:
      return typeof given === type;
  }
}

function hasFormat(given: unknown, format: string): boolean {
  const pattern = FORMATS[format];
  if (pattern) return typeof given !== "string" || pattern.test(given);
  if (FREE_FORMATS.has(format)) return true;
  throw new Error(`the judge does not know the format "${format}"`);
}
