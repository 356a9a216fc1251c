// SPDX-License-Identifier: EUPL-1.2
/** Ways to be let in as somebody else, each tried on a message that a good provider signed for Ada. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { DOMParser, XMLSerializer } from "@xmldom/xmldom";
import fc from "fast-check";
import { controlCharacter } from "#kernel/codice-fiscale.ts";
import { writeResponse } from "../../../simulator/identity-provider/response.ts";
import {
  ASSERTION,
  RESPONSE,
  signElement,
  type SigningHow,
} from "../../../simulator/identity-provider/sign.ts";
import {
  ADA,
  goodAnswer,
  goodInput,
  idpKey,
  judgeText,
  responseOf,
  wordOf,
} from "../../../tests/support/saml-provider.ts";
import { judgeResponse } from "./judge-response.ts";
import { ASSERTION as SAML, PROTOCOL as SAMLP } from "./names.ts";
import { everyElement, isNamed, parseXml } from "./parse-xml.ts";
import { DS } from "./signature-algorithms.ts";
import { verifySigned } from "./signed-xml.ts";

const VICTIM = `VRDCRL80A01H501${controlCharacter("VRDCRL80A01H501")}`;
const ADAS = ADA.fiscalNumber.replace("TINIT-", "");

const signedBoth = responseOf({});
const signedInner = responseOf({ sign: "assertion" });
const signedOuter = responseOf({ sign: "response" });

const parse = (xml: string): Document => new DOMParser().parseFromString(xml, "text/xml");
const text = (document: Document): string => new XMLSerializer().serializeToString(document);
const first = (within: Document | Element, uri: string, name: string): Element => {
  const [found] = Array.from(within.getElementsByTagNameNS(uri, name));
  assert.ok(found, name);
  return found;
};
const signatureOf = (element: Element): Element => {
  const found = Array.from(element.childNodes).find((node) => node.nodeName === "ds:Signature");
  assert.ok(found, `${element.nodeName} is signed`);
  return found as Element;
};
const detach = (node: Element): Element => node.parentNode?.removeChild(node) as Element;
/** The same message about somebody else; signatures left out, under an ID of its own. */
function forged(element: Element, id = "_falso"): Element {
  const copy = element.cloneNode(true) as Element;
  for (const signature of Array.from(copy.getElementsByTagNameNS(DS, "Signature")))
    detach(signature);
  copy.setAttribute("ID", id);
  for (const value of Array.from(copy.getElementsByTagNameNS(SAML, "AttributeValue"))) {
    if (value.textContent?.startsWith("TINIT-")) value.textContent = `TINIT-${VICTIM}`;
  }
  return copy;
}

/** The eight of "On Breaking SAML" (Somorovsky and others, 2012), by number. */
const WRAPPINGS: Readonly<Record<string, (document: Document) => void>> = {
  "1: the signed response inside the signature of a forged one": (document) => {
    const response = document.documentElement;
    const evil = forged(response);
    const signature = detach(signatureOf(response));
    signature.appendChild(response.cloneNode(true));
    evil.insertBefore(signature, evil.childNodes[1] ?? null);
    document.replaceChild(evil, response);
  },
  "2: the signed response beside the signature in a forged one": (document) => {
    const response = document.documentElement;
    const evil = forged(response);
    const signature = detach(signatureOf(response));
    evil.insertBefore(signature, evil.childNodes[1] ?? null);
    evil.insertBefore(response.cloneNode(true), signature);
    document.replaceChild(evil, response);
  },
  "3: a forged assertion before the signed one": (document) => {
    const assertion = first(document, SAML, "Assertion");
    assertion.parentNode?.insertBefore(forged(assertion), assertion);
  },
  "4: the signed assertion inside a forged one": (document) => {
    const assertion = first(document, SAML, "Assertion");
    const evil = forged(assertion);
    assertion.parentNode?.replaceChild(evil, assertion);
    evil.appendChild(assertion);
  },
  "5: the signature in a forged assertion, what it covers at the end": (document) => {
    const assertion = first(document, SAML, "Assertion");
    const evil = forged(assertion);
    const signature = detach(signatureOf(assertion));
    assertion.parentNode?.replaceChild(evil, assertion);
    evil.insertBefore(signature, evil.childNodes[1] ?? null);
    document.documentElement.appendChild(assertion);
  },
  "6: the signature in a forged assertion, what it covers inside the signature": (document) => {
    const assertion = first(document, SAML, "Assertion");
    const evil = forged(assertion);
    const signature = detach(signatureOf(assertion));
    assertion.parentNode?.replaceChild(evil, assertion);
    evil.insertBefore(signature, evil.childNodes[1] ?? null);
    signature.appendChild(assertion);
  },
  "7: a forged assertion of the same ID among the extensions": (document) => {
    const assertion = first(document, SAML, "Assertion");
    const extensions = document.createElementNS(SAMLP, "samlp:Extensions");
    extensions.appendChild(forged(assertion, "_a1"));
    document.documentElement.insertBefore(extensions, assertion);
  },
  "8: the signed assertion in an object of a forged one's signature": (document) => {
    const assertion = first(document, SAML, "Assertion");
    const evil = forged(assertion, "_a1");
    const signature = detach(signatureOf(assertion));
    const object = document.createElementNS(DS, "ds:Object");
    assertion.parentNode?.replaceChild(evil, assertion);
    object.appendChild(assertion);
    signature.appendChild(object);
    evil.insertBefore(signature, evil.childNodes[1] ?? null);
  },
};

function wrapped(xml: string, wrap: (document: Document) => void): string {
  const document = parse(xml);
  wrap(document);
  return text(document);
}

/** Whatever anywhere in the text a signature can be found for, it is not about the victim. */
function assertNothingForgedVerifies(xml: string): void {
  const parsed = parseXml(xml);
  if (parsed.outcome === "refused") return;
  for (const element of everyElement(parsed.root)) {
    if (!isNamed(element, SAML, "Assertion") && !isNamed(element, SAMLP, "Response")) continue;
    const verified = verifySigned(parsed, element, [idpKey.certificatePem]);
    assert.ok(verified.outcome === "refused" || !verified.canonical.includes(VICTIM));
  }
}

describe("OS-03 signature wrapping", () => {
  for (const [name, wrap] of Object.entries(WRAPPINGS)) {
    const isOfResponse = /^[12]/.test(name);
    const variants: [what: string, xml: string][] = isOfResponse
      ? [
          ["Response and Assertion signed", signedBoth],
          ["Response signed", signedOuter],
        ]
      : [
          ["Response and Assertion signed", signedBoth],
          ["Assertion signed", signedInner],
        ];
    for (const [what, xml] of variants) {
      it(`OS-03 XSW${name} (${what})`, () => {
        const evil = wrapped(xml, wrap);
        assert.ok(evil.includes(VICTIM));
        assert.equal(judgeText(evil).outcome, "refused");
        assertNothingForgedVerifies(evil);
      });
    }
    if (isOfResponse) continue;
    it(`OS-03 XSW${name}, with the ID of the forged one put into the reference, or both the same`, () => {
      const evil = wrapped(signedInner, wrap);
      for (const tried of [
        evil.replace('URI="#_a1"', 'URI="#_falso"'),
        evil.replaceAll('ID="_falso"', 'ID="_a1"'),
        evil.replaceAll('ID="_falso"', 'Id="_a1" ID="_falso"'),
        evil.replaceAll(`xmlns:saml="${SAML}"`, `xmlns:saml="${SAML}" xmlns="${SAML}"`),
      ]) {
        assert.equal(judgeText(tried).outcome, "refused");
        assertNothingForgedVerifies(tried);
      }
    });
  }

  it("OS-03 the tests' own forgery is good but for its signature", () => {
    const attributes = { ...ADA, fiscalNumber: `TINIT-${VICTIM}` };
    const judgement = judgeText(responseOf({ answer: { attributes } }));
    assert.equal(judgement.outcome === "accepted" && judgement.fiscalNumber, VICTIM);
  });
});

describe("OS-03 other ways in", () => {
  const victims = (xml: string): string => xml.replace(ADAS, VICTIM);
  const unsigned = writeResponse(goodAnswer());
  const failed = signElement(
    unsigned
      .replace("status:Success", "status:Responder")
      .replace(/<saml:Assertion .*<\/saml:Assertion>/, ""),
    RESPONSE,
    idpKey,
  );
  const forgedAssertion = victims(/<saml:Assertion .*<\/saml:Assertion>/.exec(unsigned)?.[0] ?? "");

  it("OS-03 a signed refusal that carries a forged assertion lets nobody in", () => {
    assert.equal(wordOf(judgeText(failed)), "anomaly null");
    const carrying = failed.replace("</samlp:Response>", `${forgedAssertion}</samlp:Response>`);
    assert.equal(wordOf(judgeText(carrying)), "response-signature:signature-wrong");
    const stripped = carrying.replace(/<ds:Signature .*<\/ds:Signature>/, "");
    assert.equal(wordOf(judgeText(stripped)), "assertion-with-error");
    const praised = stripped.replace("status:Responder", "status:Success");
    assert.equal(wordOf(judgeText(praised)), "assertion-signature:unsigned");
    const around = unsigned
      .replace('ID="_r1"', 'ID="_fuori"')
      .replace("<samlp:Status>", `<samlp:Extensions>${failed}</samlp:Extensions><samlp:Status>`);
    assert.equal(wordOf(judgeText(victims(around))), "signature-misplaced");
  });

  it("OS-03 signatures taken away, of another key, with our certificate shown", () => {
    const strip = (xml: string) => xml.replaceAll(/<ds:Signature .*?<\/ds:Signature>/g, "");
    assert.equal(wordOf(judgeText(strip(signedBoth))), "assertion-signature:unsigned");
    const outerGone = signedBoth.replace(/<ds:Signature .*?<\/ds:Signature>/, "");
    assert.equal(wordOf(judgeText(outerGone)), "accepted", "the Response's own is optional");
    assert.equal(wordOf(judgeText(victims(outerGone))), "assertion-signature:signature-wrong");
    assert.equal(wordOf(judgeText(victims(signedBoth))), "response-signature:signature-wrong");
    const foreign = responseOf({ isForeignKey: true, sign: "assertion" });
    assert.equal(wordOf(judgeText(foreign)), "assertion-signature:signature-wrong");
    const shown = idpKey.certificatePem.replaceAll(/-----[A-Z ]+-----|\s/g, "");
    const swapped = foreign.replace(/(<ds:X509Certificate>)[^<]*/, `$1${shown}`);
    assert.equal(wordOf(judgeText(swapped)), "assertion-signature:signature-wrong");
  });

  const weak: Readonly<Record<string, [how: SigningHow, fault: string]>> = {
    "rsa-sha1": [{ method: "http://www.w3.org/2000/09/xmldsig#rsa-sha1" }, "algorithm-refused"],
    "a sha1 digest": [{ digest: "http://www.w3.org/2000/09/xmldsig#sha1" }, "algorithm-refused"],
    "HMAC with the public key": [
      { method: "http://www.w3.org/2000/09/xmldsig#hmac-sha1", isHmac: true },
      "algorithm-refused",
    ],
    "inclusive canonicalization": [
      { canonicalization: "http://www.w3.org/TR/2001/REC-xml-c14n-20010315" },
      "algorithm-refused",
    ],
    "canonicalization with comments": [
      { canonicalization: "http://www.w3.org/2001/10/xml-exc-c14n#WithComments" },
      "algorithm-refused",
    ],
    "a transform more": [
      {
        transforms: [
          `${DS}enveloped-signature`,
          "http://www.w3.org/2001/10/xml-exc-c14n#",
          "http://www.w3.org/2001/10/xml-exc-c14n#",
        ],
      },
      "transform-refused",
    ],
    "no enveloped transform": [
      { transforms: ["http://www.w3.org/2001/10/xml-exc-c14n#"] },
      "transform-refused",
    ],
  };
  for (const [name, [how, fault]] of Object.entries(weak)) {
    it(`OS-03 the provider's own key, but ${name}`, () => {
      const inner = signElement(unsigned, ASSERTION, idpKey, how);
      assert.equal(wordOf(judgeText(inner)), `assertion-signature:${fault}`);
      const outer = signElement(signElement(unsigned, ASSERTION, idpKey), RESPONSE, idpKey, how);
      assert.equal(wordOf(judgeText(outer)), `response-signature:${fault}`);
    });
  }

  it("OS-03 entities, however they are brought in", () => {
    const entities = [
      `<!DOCTYPE r [<!ENTITY x "${VICTIM}">]>${signedBoth.replace(ADAS, "&x;")}`,
      `<!DOCTYPE r SYSTEM "file:///etc/passwd">${signedBoth}`,
      `<!DOCTYPE r [<!ENTITY a "aa"><!ENTITY b "&a;&a;"><!ENTITY c "&b;&b;">]>${signedBoth}`,
    ];
    for (const xml of entities) assert.equal(wordOf(judgeText(xml)), "xml:doctype");
    assert.equal(wordOf(judgeText(signedBoth.replace(ADAS, "&x;"))), "xml:not-well-formed");
  });

  it("OS-03 a comment does not cut a code short, though no signature sees it", () => {
    const victim = { ...ADA, fiscalNumber: `TINIT-${ADAS}` };
    const xml = responseOf({ answer: { attributes: victim } });
    for (const comment of ["<!-- -->", "<!---->"]) {
      for (const at of [1, 6, 15]) {
        const cut = xml.replace(ADAS, `${ADAS.slice(0, at)}${comment}${ADAS.slice(at)}`);
        assert.equal(wordOf(judgeText(cut)), "xml:comment-in-text");
      }
      assert.equal(
        wordOf(judgeText(xml.replace(`${ADAS}<`, `${ADAS}${comment}<`))),
        "xml:comment-in-text",
      );
    }
    const between = judgeText(xml.replace("<samlp:Status>", "<!-- --><samlp:Status>"));
    assert.equal(between.outcome === "accepted" && between.fiscalNumber, ADAS);
  });

  it("OS-03 other spellings of the signed characters are the signed characters", () => {
    const spelt = [
      signedBoth.replace(ADAS, `<![CDATA[${ADAS.slice(0, 6)}]]>${ADAS.slice(6)}`),
      signedBoth.replace(ADAS, `&#${ADAS.codePointAt(0)};${ADAS.slice(1)}`),
    ];
    for (const xml of spelt) {
      const judgement = judgeText(xml);
      assert.equal(judgement.outcome === "accepted" && judgement.fiscalNumber, ADAS);
    }
  });

  it("OS-03 two answers in one message: both signed, still refused", () => {
    const other = responseOf({ answer: { assertionId: "_a2" }, sign: "assertion" });
    const second = /<saml:Assertion .*<\/saml:Assertion>/.exec(other)?.[0] ?? "";
    const both = signedInner.replace("</samlp:Response>", `${second}</samlp:Response>`);
    assert.equal(wordOf(judgeText(both)), "several-assertions");
  });

  it("OS-03 an assertion of another namespace is none", () => {
    const xml = signedInner
      .replaceAll("saml:Assertion", "x:Assertion")
      .replace("<x:Assertion", '<x:Assertion xmlns:x="urn:x"');
    assert.equal(judgeText(xml).outcome, "refused");
  });

  it("OS-03 an answer for another town, another service, another request", () => {
    const elsewhere = { entityId: "https://altro.esempio.it/spid", acsUrl: goodInput.sp.acsUrl };
    assert.equal(wordOf(judgeText(signedBoth, { input: { sp: elsewhere } })), "audience");
    const moved = { entityId: goodInput.sp.entityId, acsUrl: "https://altro.esempio.it/acs" };
    const address = signedInner.replace(/ Destination="[^"]*"/, ` Destination="${moved.acsUrl}"`);
    assert.equal(wordOf(judgeText(address, { input: { sp: moved } })), "recipient");
    const stale = signedInner.replace('InResponseTo="_richiesta1"', 'InResponseTo="_richiesta2"');
    const open = { request: { id: "_richiesta2" } };
    assert.equal(wordOf(judgeText(stale, open)), "confirmation-in-response-to");
  });
});

describe("OS-03 noise", () => {
  const judge = (samlResponse: string) => judgeResponse({ ...goodInput, samlResponse });
  const said = (judgement: ReturnType<typeof judge>): string => JSON.stringify(judgement);
  const good = said(judge(Buffer.from(signedBoth).toString("base64")));
  const bytes = Buffer.from(signedBoth);
  const place = fc.nat({ max: bytes.length - 1 });

  it("OS-03 a flipped bit, wherever: refused, or it said nothing", () => {
    assert.match(good, /"accepted"/);
    const flip = (at: number, bit: number) => {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ (1 << bit);
      return said(judge(changed.toString("base64")));
    };
    fc.assert(
      fc.property(place, fc.nat({ max: 7 }), (at, bit) => {
        const judgement = flip(at, bit);
        assert.ok(judgement === good || judgement.includes('"refused"'), `${at}: ${judgement}`);
      }),
      { numRuns: 400 },
    );
  });

  it("OS-03 a text cut short, cut out of or doubled in part is refused", () => {
    fc.assert(
      fc.property(place, place, (from, to) => {
        const [start, end] = from < to ? [from, to] : [to, from];
        const cut = bytes.subarray(0, start);
        const tried = [
          cut,
          Buffer.concat([cut, bytes.subarray(end)]),
          Buffer.concat([bytes.subarray(0, end), bytes.subarray(start)]),
        ];
        for (const one of tried) {
          const judgement = said(judge(one.toString("base64")));
          assert.ok(judgement === good || judgement.includes('"refused"'), judgement);
          if (one === cut) assert.match(judgement, /"refused"/);
        }
      }),
      { numRuns: 100 },
    );
  });

  it("OS-03 any text, any bytes, any tree: refused, never thrown", () => {
    const names = fc.constantFrom(
      "samlp:Response",
      "saml:Assertion",
      "ds:Signature",
      "ds:SignedInfo",
      "saml:Subject",
      "x",
    );
    const { tree } = fc.letrec<{ tree: string }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 6 },
        fc.string().map((value) => value.replaceAll(/[<&]/g, "")),
        fc
          .tuple(names, fc.array(tie("tree"), { maxLength: 4 }))
          .map(([name, inside]) => `<${name} ID="_${name.length}">${inside.join("")}</${name}>`),
      ),
    }));
    const root = `<samlp:Response xmlns:samlp="${SAMLP}" xmlns:saml="${SAML}" xmlns:ds="${DS}" ID="_r" Version="2.0">`;
    const messages = fc.oneof(
      fc.string({ unit: "binary" }).map((value) => Buffer.from(value).toString("base64")),
      fc.uint8Array({ maxLength: 200 }).map((value) => Buffer.from(value).toString("base64")),
      fc.string({ unit: "binary" }),
      tree.map((value) => Buffer.from(`${root}${value}</samlp:Response>`).toString("base64")),
    );
    fc.assert(
      fc.property(messages, (message) => judge(message).outcome === "refused"),
      { numRuns: 500 },
    );
  });
});
