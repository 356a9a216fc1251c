// SPDX-License-Identifier: EUPL-1.2
const EMAIL =
  /^[^\s@"<>(),;:\\]{1,64}@[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9-]+)*\.[a-z]{2,}$/i;

/** An address that a mail server will take: no quotes, no comments, a dotted domain. */
export const isEmail = (text: string): boolean =>
  text.length <= 254 && EMAIL.test(text) && !text.includes("..");
