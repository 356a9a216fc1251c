// SPDX-License-Identifier: EUPL-1.2
import type { Html } from "#kernel/html.ts";
import type { Lang } from "#kernel/i18n.ts";
import { errorFor, type FieldError, textField } from "#ui/components.ts";
import { showPassword } from "../../web/new-password.ts";

/** User code and password, as `codice` and `password`: at the door, and where another child's code is joined. */
export function credentialFields(of: {
  lang: Lang;
  labels: { username: string; usernameHint?: string; password: string };
  /** what was typed */
  username: string;
  /** is it the code of whoever fills in? */
  isOwn: boolean;
  errors: readonly FieldError[];
}): Html[] {
  const { lang, labels, errors } = of;
  return [
    textField({
      name: "codice",
      label: labels.username,
      ...(labels.usernameHint ? { hint: labels.usernameHint } : {}),
      lang,
      value: of.username,
      autocomplete: of.isOwn ? "username" : "off",
      maxlength: 80,
      error: errorFor(errors, "codice"),
    }),
    textField({
      name: "password",
      label: labels.password,
      lang,
      type: "password",
      autocomplete: "current-password",
      maxlength: 1000,
      error: errorFor(errors, "password"),
    }),
    showPassword(lang),
  ];
}
