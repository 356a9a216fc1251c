// SPDX-License-Identifier: EUPL-1.2
/** Reads a station's answers as strictly as the Node does: what is not as the interface says is no answer. */
import { PA_FOR_NODE, ROOTS, type Operation } from "./messages.ts";
import type { Answer, Fault, Payable, Transfer, Verified } from "./types.ts";
import { childOf, childrenOf, readTree, textAt, type Tree } from "./xml.ts";

const SOAP = "http://schemas.xmlsoap.org/soap/envelope/";

class NotAsAgreed extends Error {}

function must<T>(value: T | undefined | "", what: string): T {
  if (value === undefined || value === "") throw new NotAsAgreed(`no ${what}`);
  return value;
}

/** `64.10` → `6410n`; two decimals always */
function centsOf(text: string, what: string): bigint {
  if (!/^\d{1,9}\.\d{2}$/.test(text)) throw new NotAsAgreed(`${what}: ${text || "nothing"}`);
  return BigInt(text.replace(".", ""));
}

/** The response element of this operation and its outcome; everything else is malformed. */
function read<T>(operation: Operation, body: string, whenOk: (response: Tree) => T): Answer<T> {
  try {
    const root = readTree(body);
    const soapBody = root.children.find(
      ({ name, namespace }) => name === "Body" && namespace === SOAP,
    );
    const response = must(soapBody?.children[0], "response in a SOAP body");
    if (response.name !== ROOTS[operation].response || response.namespace !== PA_FOR_NODE)
      throw new NotAsAgreed(`an element ${response.name}`);
    switch (textAt(response, "outcome")) {
      case "OK":
        return { outcome: "ok", value: whenOk(response) };
      case "KO":
        return { outcome: "refused", fault: faultOf(must(childOf(response, "fault"), "fault")) };
      default:
        throw new NotAsAgreed("an outcome that is neither OK nor KO");
    }
  } catch (error) {
    const why = error instanceof Error ? error.message.trim() : String(error);
    return { outcome: "no-answer", why: `malformed: ${why}` };
  }
}

const faultOf = (tree: Tree): Fault => ({
  code: must(textAt(tree, "faultCode"), "faultCode"),
  text: must(textAt(tree, "faultString"), "faultString"),
  description: textAt(tree, "description"),
});

export const readReceiptAnswer = (
  operation: "paSendRT" | "paSendRTV2",
  body: string,
): Answer<null> => read(operation, body, () => null);

export const readVerifyAnswer = (body: string): Answer<Verified> =>
  read("paVerifyPaymentNotice", body, (response) => {
    const options = childrenOf(
      must(childOf(response, "paymentList"), "paymentList"),
      "paymentOptionDescription",
    );
    const option = options[0];
    if (!option || options.length > 1) throw new NotAsAgreed(`${options.length} payment options`);
    if (textAt(option, "options") !== "EQ") throw new NotAsAgreed("options other than EQ");
    return {
      amountCents: centsOf(textAt(option, "amount"), "amount"),
      dueDate: textAt(option, "dueDate"),
      description: must(textAt(response, "paymentDescription"), "paymentDescription"),
      companyName: must(textAt(response, "companyName"), "companyName"),
      allCcp: textAt(option, "allCCP") === "true",
    };
  });

export const readGetAnswer = (
  operation: "paGetPayment" | "paGetPaymentV2",
  body: string,
): Answer<Payable> =>
  read(operation, body, (response) => {
    const data = must(childOf(response, "data"), "data");
    const amountCents = centsOf(textAt(data, "paymentAmount"), "paymentAmount");
    const transfers = childrenOf(must(childOf(data, "transferList"), "transferList"), "transfer");
    if (transfers.length < 1 || transfers.length > 5)
      throw new NotAsAgreed(`${transfers.length} transfers`);
    const read = transfers.map(transferOf);
    const sum = read.reduce((total, one) => total + one.amountCents, 0n);
    if (sum !== amountCents) throw new NotAsAgreed("transfers do not sum to the amount");
    const debtor = must(childOf(data, "debtor"), "debtor");
    const identifier = childOf(debtor, "uniqueIdentifier");
    return {
      iuv: must(textAt(data, "creditorReferenceId"), "creditorReferenceId"),
      amountCents,
      dueDate: must(textAt(data, "dueDate"), "dueDate"),
      description: must(textAt(data, "description"), "description"),
      companyName:
        operation === "paGetPaymentV2"
          ? must(textAt(data, "companyName"), "companyName")
          : textAt(data, "companyName"),
      officeName: textAt(data, "officeName"),
      debtor: {
        kind: must(textAt(identifier, "entityUniqueIdentifierType"), "debtor's kind"),
        code: must(textAt(identifier, "entityUniqueIdentifierValue"), "debtor's code"),
        fullName: must(textAt(debtor, "fullName"), "fullName"),
      },
      transfers: read,
    };
  });

function transferOf(tree: Tree): Transfer {
  const metadata = childOf(tree, "metadata");
  return {
    id: Number(must(textAt(tree, "idTransfer"), "idTransfer")),
    amountCents: centsOf(textAt(tree, "transferAmount"), "transferAmount"),
    fiscalCodePA: must(textAt(tree, "fiscalCodePA"), "fiscalCodePA"),
    companyName: textAt(tree, "companyName"),
    iban: must(textAt(tree, "IBAN"), "IBAN"),
    remittanceInformation: must(textAt(tree, "remittanceInformation"), "remittanceInformation"),
    category: must(textAt(tree, "transferCategory"), "transferCategory"),
    metadata: metadata
      ? childrenOf(metadata, "mapEntry").map((entry) => ({
          key: textAt(entry, "key"),
          value: textAt(entry, "value"),
        }))
      : [],
  };
}
