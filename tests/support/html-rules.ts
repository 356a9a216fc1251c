// SPDX-License-Identifier: EUPL-1.2
import { readFileSync } from "node:fs";
import { HtmlValidate, type ConfigData } from "html-validate";

/**
 * The rules of the gate (`npm run check`). The roles of tables are written out on purpose, so `no-redundant-role`
 * is off: drawn as cards on the phone, some browsers forget that they are tables.
 */
const config = JSON.parse(
  readFileSync(new URL("../../.htmlvalidate.json", import.meta.url), "utf8"),
) as ConfigData;
const validator = new HtmlValidate(config);

/** What html-validate says of a rendered document, as lines; an empty list is a valid page. */
export function htmlProblems(markup: string): string[] {
  return validator
    .validateStringSync(markup)
    .results.flatMap((result) =>
      result.messages.map(
        (message) => `${message.line}:${message.column} ${message.ruleId}: ${message.message}`,
      ),
    );
}
