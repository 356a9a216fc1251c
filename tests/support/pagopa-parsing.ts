// SPDX-License-Identifier: EUPL-1.2
/** Reading of messages as the codec's own tests do it. */
import assert from "node:assert/strict";
import {
  type MalformedReason,
  type MalformedRequest,
  parseRequest,
  type StationRequest,
} from "../../src/integrations/pagopa/soap/index.ts";
import { bytesOf, inEnvelope } from "./pagopa-messages.ts";

export const parse = (text: string): StationRequest | MalformedRequest =>
  parseRequest(bytesOf(text));
export const parseCall = (call: string): StationRequest | MalformedRequest =>
  parse(inEnvelope(call));

export function refusal(read: StationRequest | MalformedRequest): MalformedRequest {
  assert.ok(read.kind === "malformed", `read as ${read.kind}`);
  return read;
}

/** `[reason, path]` of a message that must be refused. */
export function why(read: StationRequest | MalformedRequest): [MalformedReason, string] {
  const { reason, path } = refusal(read);
  return [reason, path];
}
