// SPDX-License-Identifier: EUPL-1.2
import type { Lang } from "#kernel/i18n.ts";

export interface MessageText {
  subject: string;
  body: string;
}

/** A message in Italian and in the languages that it was also written in. */
export interface TranslatedText extends MessageText {
  translations?: Partial<Record<Exclude<Lang, "it">, MessageText>>;
}

/** What `planMessages` takes of a text that was written in every language. */
export const inEveryLanguage = (write: (lang: Lang) => MessageText): Required<TranslatedText> => ({
  ...write("it"),
  translations: { en: write("en") },
});

/** The text for a reader of that language, and the language that it is in. */
export function textIn(message: TranslatedText, lang: Lang): MessageText & { lang: Lang } {
  const { subject, body } = message;
  const translated = lang === "it" ? undefined : message.translations?.[lang];
  return translated ? { ...translated, lang } : { subject, body, lang: "it" };
}
