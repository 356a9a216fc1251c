// SPDX-License-Identifier: EUPL-1.2
/** Where a password is chosen: by a letter's code, by the link of an e-mail, or in one's own pages. */
import type { NewPassword, PasswordFault } from "#identity";
import type { Html } from "#kernel/html.ts";
import { html } from "#kernel/html.ts";
import { catalogue, type Lang } from "#kernel/i18n.ts";
import { errorFor, type FieldError, textField } from "#ui/components.ts";
import { originHash } from "./origin-hash.ts";
import { tellAccess } from "./tell-access.ts";
import type { Visit } from "./visit.ts";

const LONGEST = 1000;

const it = {
  password: "Nuova password",
  passwordHint: "Almeno 12 caratteri. Va bene una breve frase, anche con gli spazi.",
  again: "Nuova password, di nuovo",
  show: "Mostra la password",
  missing: "Scrivere la nuova password.",
  differs: "Le due password non sono uguali.",
  faults: {
    "too-short": "La password ha meno di 12 caratteri.",
    "too-long": "La password ha più di 200 caratteri.",
    common:
      "Questa password si indovina facilmente: sceglierne un'altra, per esempio una frase con parole che non stanno insieme.",
    repeated: "La password ripete gli stessi caratteri: sceglierne un'altra.",
    same: "La nuova password è uguale a quella di adesso.",
  } satisfies Record<PasswordFault, string>,
};

const en: typeof it = {
  password: "New password",
  passwordHint: "At least 12 characters. A short sentence is fine, with spaces too.",
  again: "New password, again",
  show: "Show the password",
  missing: "Write the new password.",
  differs: "The two passwords are not the same.",
  faults: {
    "too-short": "The password has fewer than 12 characters.",
    "too-long": "The password has more than 200 characters.",
    common:
      "This password is easy to guess: choose another one, such as a sentence of words that do not belong together.",
    repeated: "The password repeats the same characters: choose another one.",
    same: "The new password is the same as the present one.",
  },
};

const words = catalogue<typeof it>({ it, en });

/** For a form with passwords (`client/show-password.js`); nobody types a sentence twice on a phone without seeing it. */
export const showPassword = (lang: Lang): Html =>
  html`<div class="field needs-script">
    <div class="choice">
      <input type="checkbox" id="mostra-password" data-shows-password /><label for="mostra-password"
        >${words(lang).show}</label
      >
    </div>
  </div>`;

/** Both fields of a new password. Names begin with `password`: a form with one is never held for later. */
export function newPasswordFields(lang: Lang, errors: readonly FieldError[]): Html {
  const w = words(lang);
  const shared = {
    lang,
    type: "password",
    autocomplete: "new-password",
    maxlength: LONGEST,
  } as const;
  return html`${textField({
    ...shared,
    name: "password",
    label: w.password,
    hint: w.passwordHint,
    error: errorFor(errors, "password"),
  })}
  ${textField({
    ...shared,
    name: "password-ripetuta",
    label: w.again,
    error: errorFor(errors, "password-ripetuta"),
  })}
  ${showPassword(lang)}`;
}

/** As it was typed: spaces at its ends are part of it. */
export const typedPassword = (visit: Visit, name = "password"): string =>
  (visit.fields.all(name)[0] ?? "").slice(0, LONGEST);

/** The new password, or what is wrong with the two fields. */
export function readNewPassword(visit: Visit): { given: NewPassword; errors: FieldError[] } {
  const w = words(visit.lang);
  const password = typedPassword(visit);
  const errors: FieldError[] = [];
  if (password === "") errors.push({ field: "password", message: w.missing });
  else if (typedPassword(visit, "password-ripetuta") !== password)
    errors.push({ field: "password-ripetuta", message: w.differs });
  return {
    given: {
      password,
      isStolen: visit.app.isStolenPassword ?? (() => Promise.resolve(false)),
      townName: visit.townSettings.town.name,
      originHash: originHash(visit),
      tell: tellAccess(visit.app, visit.now),
    },
    errors,
  };
}

export const passwordFaultError = (lang: Lang, fault: PasswordFault): FieldError => ({
  field: "password",
  message: words(lang).faults[fault],
});
