// SPDX-License-Identifier: EUPL-1.2
import { auditOf, type AuditRow } from "#kernel/audit.ts";
import { emptyState, history } from "#ui/components.ts";
import type { Answer } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { childPath, ofChild, portalPage } from "../portal-page.ts";
import { momentWords } from "../receipts/receipt-words.ts";
import { words } from "./access-words.ts";
import { words as moreWords } from "./words.ts";

const MANY = 200;

/** GET /figli/:slug/accessi: who else did what with this child's data, when and why. */
export function showAccesses(visit: Visit): Promise<Answer> {
  return ofChild(visit, async (tx, scope, child) => {
    const { holderId } = child;
    const holderIds = holderId && scope.maySee({ holderId, childId: null }) ? [holderId] : [];
    const rows = await auditOf(tx, { childIds: [child.id], holderIds, limit: MANY });
    const w = words(visit.lang);
    return portalPage(
      visit,
      { current: "more", scope },
      {
        h1: moreWords(visit.lang).whoSaw,
        back: { href: childPath(child), label: child.name },
        lead: w.lead,
        body:
          rows.length === 0
            ? emptyState({ text: w.none })
            : history(
                rows.map((row) => ({
                  when: momentWords(row.at, visit.today, visit.lang),
                  who: `${row.actorName}, ${w.roles[row.actorRole] ?? row.actorRole}`,
                  what: `${actionWords(row, w)}${row.reason ? w.reason(row.reason) : ""}`,
                })),
              ),
      },
    );
  });
}

/** Words for what is known; for the rest at least the part of the data it concerns. */
function actionWords(row: AuditRow, w: ReturnType<typeof words>): string {
  const known = w.actions[row.action];
  if (known) return known;
  const [module = ""] = row.action.split(".");
  return w.someAct(w.modules[module] ?? w.data);
}
