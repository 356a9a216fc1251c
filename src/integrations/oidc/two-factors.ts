// SPDX-License-Identifier: EUPL-1.2
/** What a provider says of how somebody signed in there (RFC 8176, "Authentication Method Reference Values"). */

const KNOWN = ["pwd", "pin", "kba"];
const HELD = ["otp", "hwk", "swk", "pop", "sc", "sms", "tel"];
const BEING = ["face", "fpt", "iris", "retina", "vbm"];

/** Two kinds of proof, or `mfa`; or the `acr` that the provider uses for that. */
export function saysTwoFactors(
  said: { methods: readonly string[]; contextClass: string | null },
  acrValue: string | undefined,
): boolean {
  if (acrValue !== undefined && said.contextClass === acrValue) return true;
  if (said.methods.includes("mfa")) return true;
  const kinds = [KNOWN, HELD, BEING].filter((kind) =>
    said.methods.some((method) => kind.includes(method)),
  );
  return kinds.length >= 2;
}
