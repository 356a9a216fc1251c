// SPDX-License-Identifier: EUPL-1.2
/** For `createServer`: by default (5 s) an idle connection is closed under the next request of a busy machine. */
export const IDLE = { keepAliveTimeout: 72_000 };
