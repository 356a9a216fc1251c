// SPDX-License-Identifier: EUPL-1.2
import { readFileSync } from "node:fs";
import { type ConfigData, HtmlValidate, StaticConfigLoader } from "html-validate";

/**
 * The rules of the gate (`npm run check`). The roles of tables are written out on purpose, so `no-redundant-role`
 * is off: drawn as cards on the phone, some browsers forget that they are tables.
 */
const config = JSON.parse(
  readFileSync(new URL("../../.htmlvalidate.json", import.meta.url), "utf8"),
) as ConfigData;

/** Reads the rules once: the stock loader works them out anew for every page. */
class OneReading extends StaticConfigLoader {
  #rules: ReturnType<StaticConfigLoader["getConfigFor"]> | undefined;

  override getConfigFor(
    ...of: Parameters<StaticConfigLoader["getConfigFor"]>
  ): ReturnType<StaticConfigLoader["getConfigFor"]> {
    return (this.#rules ??= super.getConfigFor(...of));
  }
}
const validator = new HtmlValidate(new OneReading(config));

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
