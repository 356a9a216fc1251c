// SPDX-License-Identifier: EUPL-1.2

/** A user code as somebody typed it: spaces, as in `703 970 418` copied from a letter, and capitals do not count. */
export const typedUsername = (text: string): string => text.replaceAll(/\s/g, "").toLowerCase();
