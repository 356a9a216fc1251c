// SPDX-License-Identifier: EUPL-1.2
import { HtmlValidate } from "html-validate";

const validator = new HtmlValidate({
  root: true,
  extends: ["html-validate:standard", "html-validate:a11y", "html-validate:document"],
  rules: {
    // the table's roles are written out on purpose: drawn as cards on the phone, some browsers forget them
    "no-redundant-role": "off",
    "prefer-native-element": "off",
    // titles carry page, service and municipality (design/pages 2.0)
    "long-title": "off",
    // our own files, with a content hash in their names
    "require-sri": "off",
    "no-inline-style": "error",
    "tel-non-breaking": "off",
  },
});

/** What html-validate says of a rendered document, as lines; an empty list is a valid page. */
export function htmlProblems(markup: string): string[] {
  const report = validator.validateStringSync(markup);
  return report.results.flatMap((result) =>
    result.messages.map(
      (message) => `${message.line}:${message.column} ${message.ruleId}: ${message.message}`,
    ),
  );
}
