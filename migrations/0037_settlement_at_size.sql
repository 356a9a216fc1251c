-- payments: the key under which a flow stands in the ledger, payments that were revoked, metadata of transfers, and the
-- indexes of a town with years of payments. Design: docs/adr/0022.

-- Keys of before named no creditor: what stands keeps its key, what is posted from now on has the creditor in it.
alter table settlement_flow no force row level security;
alter table settlement_flow add column posting_key text not null default '';
update settlement_flow set posting_key = 'settlement:' || sender_id || ':' || flow_code
    || case when postings > 1 then ':' || postings else '' end
  where posted_cents <> 0;
alter table settlement_flow force row level security;

-- A payment that its PSP took back (FdR outcome REVOKED) and the office has undone: once per transfer of a receipt.
create table receipt_revocation (
  tenant_id uuid not null,
  id uuid not null,
  receipt_id uuid not null,
  transfer integer not null check (transfer between 1 and 5),
  -- whose payment it was; null: the receipt named no notice of ours
  notice_id uuid,
  flow_id uuid not null,
  amount_cents bigint not null check (amount_cents > 0),
  reason text not null check (reason <> ''),
  revoked_at timestamptz not null,
  revoked_by text not null,
  primary key (tenant_id, id),
  unique (tenant_id, receipt_id, transfer),
  foreign key (tenant_id, receipt_id) references payment_receipt (tenant_id, id),
  foreign key (tenant_id, flow_id) references settlement_flow (tenant_id, id)
);
create index receipt_revocation_by_notice on receipt_revocation (tenant_id, notice_id) where notice_id is not null;
alter table receipt_revocation enable row level security;
alter table receipt_revocation force row level security;
create policy tenant_isolation on receipt_revocation
  using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select, insert on receipt_revocation to campanella_app;

-- Money in suspense may be taken back too; the notice's history says so.
alter table payment_case drop constraint payment_case_resolution_check;
alter table payment_case add constraint payment_case_resolution_check
  check (resolution in ('credited', 'to-refund', 'revoked'));
alter table payment_notice_event drop constraint payment_notice_event_kind_check;
alter table payment_notice_event add constraint payment_notice_event_kind_check check (kind in
  ('issued', 'cart', 'asked', 'paid', 'reported', 'settled', 'expired', 'cancelled', 'replaced', 'paid-elsewhere',
   'revoked'));

-- What the accounts office books by (capitolo, accertamento): told to pagoPA with each transfer, back with the receipt.
alter table payment_notice_transfer add column metadata jsonb not null default '[]';

-- What of a receipt must reach the town's bank, worked out once: all but what other institutions got.
alter table payment_receipt no force row level security;
alter table payment_receipt add column own_cents bigint not null default 0 check (own_cents >= 0);
update payment_receipt r set own_cents = case when r.verdict in ('exact', 'cancelled-top-up')
  then (select coalesce(sum((t->>'amountCents')::bigint), 0)::bigint from jsonb_array_elements(r.transfers) t
    where t->>'fiscalCodePA' = r.creditor_fiscal_code)
  else (select greatest(r.amount_cents - coalesce(sum((t->>'amountCents')::bigint), 0), 0)::bigint
    from jsonb_array_elements(r.transfers) t where t->>'fiscalCodePA' <> r.creditor_fiscal_code) end;
alter table payment_receipt force row level security;
create index payment_receipt_own on payment_receipt (tenant_id) include (own_cents);
-- Receipts that pay no notice are few; the others are found by their notices' states.
create index payment_receipt_odd on payment_receipt (tenant_id, id) where verdict not in ('exact', 'cancelled-top-up');
create index payment_receipt_by_receipt_id on payment_receipt (tenant_id, receipt_id);
create index payment_notice_by_number on payment_notice (tenant_id, notice_number);
create index settlement_flow_revised on settlement_flow (tenant_id, id) where revision > 1;
create index settlement_flow_by_bank_day on settlement_flow (tenant_id, banked_on) where banked_on is not null;
create index settlement_report_by_day on settlement_report (tenant_id, settled_on);
create index bank_movement_by_day on bank_movement (tenant_id, moved_on);
create index email_by_day on email (tenant_id, planned_at);
create index remote_position_preparing on remote_position (tenant_id, notice_id)
  where channel <> 'aca' and told in ('nothing', 'unsure');

-- What `campanella check` of payments reads of the ledger: postings by what made them, reversals told by their originals.
create view v_ledger_posting with (security_invoker = true) as
  select t.tenant_id, t.idempotency_key, split_part(t.idempotency_key, ':', 1) as origin,
    split_part(t.idempotency_key, ':', 2) as subject, t.amount_cents, r.id is not null as is_reversed
  from ledger_transfer t
  left join ledger_transfer r on r.tenant_id = t.tenant_id and r.reverses_id = t.id
  where t.reverses_id is null;
grant select on v_ledger_posting to campanella_app;
