// SPDX-License-Identifier: EUPL-1.2
/**
 * Years of payments of one town, written by the database itself: positions, notices, receipts, flows, journal rows and
 * their postings, as the modules would have left them (`campanella check` finds them sound). The numbers are spread:
 * nearly everything is over, and a little is open wherever something can be open.
 */
import type { Moment } from "#kernel/dates.ts";
import { sql, type WriteTx } from "#kernel/db/index.ts";
import { idFromContent } from "#kernel/ids.ts";

export interface BigPayments {
  /** positions, each with one notice */
  readonly positions: number;
  /** payments in one flow */
  readonly linesPerFlow: number;
  readonly creditor: string;
  readonly segregationCode: string;
  readonly now: Moment;
  /** a family of the town: it has 24 of the notices */
  readonly holderId: string;
  readonly childId: string;
  readonly serviceId: string;
  /** no flow has come yet: whatever was paid waits for one */
  readonly withoutFlows?: boolean;
}

/** 3, segregation code, 15 digits that count. */
export const bigNoticeNumber = (segregationCode: string, index: number): string =>
  `3${segregationCode}${String(index).padStart(15, "0")}`;

const HOLDERS = 2000;
const OWN = 24;
const CENTS = 4600;

/** Nearly all are settled; the last ten flows wait for the bank, the last payments for their flow. */
const stateOf = ({ linesPerFlow, withoutFlows = false }: BigPayments) => sql`case
  when i % 100 = 1 then 'cancelled' when i % 100 in (2, 3) then 'issued' when ${withoutFlows} or i > total - 60 then 'paid'
  when i / ${linesPerFlow}::int > total / ${linesPerFlow}::int - 10 then 'reported' else 'settled' end`;

/** As the ledger makes it of an account's key. */
const ledgerId = (tx: WriteTx, key: string): string =>
  idFromContent(`ledger-account\n${tx.tenantId}\n${key}`);

export async function fillPayments(tx: WriteTx, of: BigPayments): Promise<void> {
  const { positions, now, creditor, segregationCode, holderId, childId, serviceId } = of;
  await tx.run(sql`
    create temporary table big on commit drop as
    select i, md5('position' || i)::uuid as position_id, md5('notice' || i)::uuid as notice_id,
      md5('receipt' || i)::uuid as receipt_id, md5('inbox' || i)::uuid as inbox_id,
      case when i <= ${OWN} then ${holderId}::uuid else md5('holder' || i % ${HOLDERS})::uuid end as holder_id,
      case when i <= ${OWN} then ${childId}::uuid else md5('child' || i % ${HOLDERS})::uuid end as child_id,
      case when i <= ${OWN} then ${ledgerId(tx, `family:${holderId}:${childId}:-`)}::uuid
        else md5('account' || i % ${HOLDERS})::uuid end as account_id,
      '3' || ${segregationCode}::text || lpad(i::text, 15, '0') as number, state,
      state in ('paid', 'reported', 'settled') as is_paid, at, (at at time zone 'Europe/Rome')::date as on_day,
      1 + i / ${of.linesPerFlow}::int as flow, md5('flow' || 1 + i / ${of.linesPerFlow}::int)::uuid as flow_id
    from (
      select i, ${stateOf(of)} as state,
        ${now}::timestamptz - interval '3 hours' - (total - i) * interval '1 year' / total as at
      from generate_series(1, ${positions}::int) i, (select ${positions}::int as total) t) x`);
  await tx.run(sql`analyze big`);
  await tx.run(sql`
    insert into debt_position (tenant_id, id, kind, holder_id, idempotency_key, input_hash, created_at, created_by)
    select ${tx.tenantId}::uuid, position_id, 'bill', holder_id, 'big:' || i, '', at, 'prova' from big`);
  await tx.run(sql`
    insert into payment_notice (tenant_id, id, position_id, holder_id, creditor_fiscal_code, notice_number,
      debtor_fiscal_code, debtor_name, subject, amount_cents, due_on, payable_after_due, state, state_at, issued_at,
      issued_by)
    select ${tx.tenantId}::uuid, notice_id, position_id, holder_id, ${creditor}, number, 'ANONIMO', 'Famiglia ' || i,
      'Refezione scolastica', ${CENTS}, on_day + case when i % 100 = 2 then -5 else 20 end, true, state, at, at, 'prova'
    from big`);
  await tx.run(sql`
    insert into payment_notice_line (tenant_id, notice_id, line, holder_id, account_child_id, child_id, service_id,
      amount_cents, transfer)
    select ${tx.tenantId}::uuid, notice_id, 1, holder_id, child_id, child_id, ${serviceId}::uuid, ${CENTS}, 1 from big`);
  await tx.run(sql`
    insert into payment_notice_transfer (tenant_id, notice_id, transfer, creditor_fiscal_code, creditor_name, iban,
      amount_cents, category, remittance)
    select ${tx.tenantId}::uuid, notice_id, 1, ${creditor}, 'Comune di Esempio', 'IT60X0542811101000000123456', ${CENTS},
      '9/0107101TS/', 'Refezione' from big`);
  await tx.run(sql`
    insert into payment_notice_event (tenant_id, id, notice_id, kind, at, by)
    select ${tx.tenantId}::uuid, md5('event' || k || i)::uuid, notice_id, k, at, 'prova'
    from big, unnest(array['issued', 'asked', 'paid']) k where k = 'issued' or is_paid`);
  await tx.run(sql`
    insert into remote_position (tenant_id, notice_id, position_id, channel, wanted, known, told, next_attempt_at)
    select ${tx.tenantId}::uuid, notice_id, position_id, 'aca', 2, case when i % 1000 = 5 then 1 else 2 end, 'closed', at
    from big`);
  await tx.run(sql`
    insert into payment_cart (tenant_id, id, started_at, started_by, idempotency_key, state, returned_at, returned_as)
    select ${tx.tenantId}::uuid, position_id, at, 'prova', 'cart:' || i, 'sent', at, 'ok' from big where i % 5 = 0`);
  await tx.run(sql`
    insert into payment_cart_notice (tenant_id, cart_id, notice_id)
    select ${tx.tenantId}::uuid, position_id, notice_id from big where i % 5 = 0`);
  await fillReceipts(tx, of);
  if (!of.withoutFlows) await fillFlows(tx, of);
  await fillMails(tx, of);
}

/** One per paid notice; one of a thousand came twice and lies in suspense, half of those still. */
async function fillReceipts(tx: WriteTx, of: BigPayments): Promise<void> {
  const { creditor } = of;
  const town = (kind: string): string => ledgerId(tx, kind);
  await tx.run(sql`
    insert into payment_receipt (tenant_id, id, inbox_id, creditor_fiscal_code, receipt_id, notice_number, iuv,
      notice_id, verdict, amount_cents, paid_at, psp_id, psp_name, description, transfers, own_cents, stored_at)
    select ${tx.tenantId}::uuid, md5('receipt' || twice || i)::uuid, md5('inbox' || twice || i)::uuid, ${creditor},
      'R' || twice || i, number, substr(number, 2), notice_id, case twice when 1 then 'exact' else 'duplicate' end,
      ${CENTS}, at, 'ABC_01', 'Banca di prova', 'Refezione', jsonb_build_array(jsonb_build_object('id', 1,
        'amountCents', ${String(CENTS)}::text, 'fiscalCodePA', ${creditor}::text)), ${CENTS}, at
    from big, generate_series(1, 2) twice where is_paid and (twice = 1 or i % 1000 = 7)`);
  await tx.run(sql`
    insert into platform.pagopa_inbox (id, recipient_fiscal_code, receipt_id, operation, station_id, tenant_id,
      notice_number, amount_cents, raw, received_at, state, next_attempt_at, processed_at)
    select r.inbox_id, ${creditor}, r.receipt_id, 'paSendRTV2', ${creditor} || '_01', ${tx.tenantId}, r.notice_number,
      r.amount_cents, '<receipt/>', r.stored_at, 'applied', r.stored_at, r.stored_at
    from payment_receipt r where r.tenant_id = ${tx.tenantId}`);
  await tx.run(sql`
    insert into payment_case (tenant_id, id, kind, receipt_id, amount_cents, opened_at)
    select ${tx.tenantId}::uuid, md5('case' || r.id)::uuid, 'duplicate', r.id, r.amount_cents, r.stored_at
    from payment_receipt r where r.tenant_id = ${tx.tenantId} and r.verdict = 'duplicate'`);
  await tx.run(sql`
    insert into ledger_account (tenant_id, id, key, kind, opened_at)
    select ${tx.tenantId}::uuid, a.id, a.key, a.key, ${of.now} from (values
      (${town("pagopa-clearing")}::uuid, 'pagopa-clearing'), (${town("suspense")}::uuid, 'suspense'),
      (${town("bank")}::uuid, 'bank')) a(id, key)
    on conflict do nothing`);
  await tx.run(sql`
    insert into ledger_account (tenant_id, id, key, kind, holder_id, child_id, opened_at)
    select distinct ${tx.tenantId}::uuid, account_id,
      'family:' || holder_id || ':' || child_id || ':-', 'family', holder_id, child_id, ${of.now}::timestamptz
    from big`);
  await tx.run(sql`
    insert into ledger_transfer (tenant_id, id, debit_account_id, credit_account_id, amount_cents, kind, happened_on,
      recorded_at, idempotency_key)
    select ${tx.tenantId}::uuid, md5('transfer' || twice || i)::uuid, ${town("pagopa-clearing")}::uuid,
      case twice when 1 then account_id else ${town("suspense")}::uuid end,
      ${CENTS}, case twice when 1 then 'credit' else 'suspense' end, on_day, at,
      'pagopa-receipt:' || md5('receipt' || twice || i)::uuid || case twice when 1 then ':1' else ':suspense' end
    from big, generate_series(1, 2) twice where is_paid and (twice = 1 or i % 1000 = 7)`);
}

/** Every reported and settled payment lies in a flow; the bank has the settled ones, and five bonifici nobody knows. */
async function fillFlows(tx: WriteTx, of: BigPayments): Promise<void> {
  const { creditor } = of;
  const town = (kind: string): string => ledgerId(tx, kind);
  await tx.run(sql`
    create temporary table big_line on commit drop as
    select b.*, row_number() over (partition by flow order by i)::int as line, state = 'settled' as is_banked
    from big b where state in ('reported', 'settled')`);
  await tx.run(sql`
    insert into settlement_flow (tenant_id, id, creditor_fiscal_code, sender_id, flow_code, revision, state, banked_on,
      posted_cents, posted_on, postings, posting_key)
    select ${tx.tenantId}::uuid, flow_id, ${creditor}, 'ABC_01', 'F-' || lpad(flow::text, 9, '0'), 1,
      case when is_banked then 'settled' else 'reported' end, case when is_banked then max(on_day) + 2 end,
      case when is_banked then count(*) * ${CENTS} else 0 end, case when is_banked then max(on_day) + 2 end,
      case when is_banked then 1 else 0 end,
      case when is_banked then 'settlement:' || ${creditor}::text || ':ABC_01:F-' || lpad(flow::text, 9, '0') || ':1'
        else '' end
    from big_line group by flow, flow_id, is_banked`);
  await tx.run(sql`
    insert into settlement_report (tenant_id, flow_id, revision, psp_id, psp_name, bank_transfer_code, settled_on,
      flow_at, total_cents, payment_count, own_cents, own_count, adds_up, source, received_at)
    select ${tx.tenantId}::uuid, flow_id, 1, 'ABC_01', 'Banca di prova', 'TRN' || flow, max(on_day) + 1, max(at),
      count(*) * ${CENTS}, count(*), count(*) * ${CENTS}, count(*), true, 'fdr', max(at)
    from big_line group by flow, flow_id`);
  await tx.run(sql`
    insert into settlement_payment (tenant_id, flow_id, revision, line, iuv, iur, transfer, amount_cents, paid_on,
      outcome, standing, receipt_id)
    select ${tx.tenantId}::uuid, flow_id, 1, line, substr(number, 2), 'R1' || i, 1, ${CENTS}, on_day, 'EXECUTED', 'matched',
      md5('receipt1' || i)::uuid
    from big_line`);
  await tx.run(sql`
    insert into ledger_transfer (tenant_id, id, debit_account_id, credit_account_id, amount_cents, kind, happened_on,
      recorded_at, idempotency_key)
    select ${tx.tenantId}::uuid, md5('settled' || f.id)::uuid, ${town("bank")}::uuid, ${town("pagopa-clearing")}::uuid,
      f.posted_cents, 'settlement', f.posted_on, ${of.now}, f.posting_key
    from settlement_flow f where f.tenant_id = ${tx.tenantId} and f.posted_cents > 0`);
  const upload = idFromContent(`big upload ${tx.tenantId}`);
  await tx.run(sql`
    insert into settlement_upload (tenant_id, id, kind, file_name, code, content, uploaded_at, uploaded_by, applied_at,
      applied_by)
    values (${tx.tenantId}, ${upload}, 'cash-journal', 'giornale.xml', 'GDC-1', '{}', ${of.now}, 'prova', ${of.now},
      'prova')`);
  await tx.run(sql`
    insert into bank_movement (tenant_id, id, upload_id, creditor_fiscal_code, movement_key, moved_on, amount_cents, causale, account,
      document, flow_id, standing)
    select ${tx.tenantId}::uuid, md5('movement' || f.id)::uuid, ${upload}::uuid, ${of.creditor}::text, 'flow ' || f.flow_code, f.banked_on,
      f.posted_cents, '/PUR/LGPE-RIVERSAMENTO/TXT/0/URI/' || f.flow_code, '1', 'SOSPESO ENTRATA', f.id, 'matched'
    from settlement_flow f where f.tenant_id = ${tx.tenantId} and f.state = 'settled'
    union all
    select ${tx.tenantId}::uuid, md5('unknown' || n)::uuid, ${upload}::uuid, ${of.creditor}::text, 'unknown ' || n,
      (${of.now}::timestamptz at time zone 'Europe/Rome')::date - n, 5000, 'PAGOPA INCASSI VARI', '1', 'SOSPESO', null,
      'unexplained'
    from generate_series(1, 5) n`);
}

/** One mail per notice, nearly all sent. */
async function fillMails(tx: WriteTx, of: BigPayments): Promise<void> {
  await tx.run(sql`
    insert into email (tenant_id, id, holder_id, person_id, kind, address, lang, subject, body, path, notice_ids,
      dedupe_key, state, attempts, next_attempt_at, planned_at, done_at)
    select ${tx.tenantId}::uuid, md5('mail' || i)::uuid, holder_id, holder_id, 'bill', 'famiglia@example.org', 'it', 'Avviso',
      'Testo', '/pagamenti', array[notice_id], 'big:' || i, case when i % 1000 = 9 then 'planned' else 'sent' end, 1, at,
      at, case when i % 1000 = 9 then null else ${of.now}::timestamptz end
    from big`);
}
