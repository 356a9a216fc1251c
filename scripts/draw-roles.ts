// SPDX-License-Identifier: EUPL-1.2
/** Writes docs/developer/roles.md: who may use which route, as `tests/support/role-table.ts` says it. */
import { writeFile } from "node:fs/promises";
import { rolesPage } from "../tests/support/roles-page.ts";

await writeFile(new URL("../docs/developer/roles.md", import.meta.url), rolesPage());
