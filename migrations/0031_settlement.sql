-- payments: which payments a bank transfer contains, and what the bank says of it. Design: docs/adr/0022.

-- A flow of a PSP (flusso di rendicontazione): which of our payments one bank transfer holds. One row per flow,
-- whichever revision counts; what of it stands in the ledger.
create table settlement_flow (
  tenant_id uuid not null,
  id uuid not null,
  creditor_fiscal_code text not null,
  -- who wrote it, as in the flow itself: the same in the REST interface and in the XML
  sender_id text not null,
  flow_code text not null,
  -- the highest one that came
  revision integer not null check (revision >= 1),
  state text not null default 'reported' check (state in ('reported', 'settled')),
  -- the day of the bank's movement; null: the bank has not said yet
  banked_on date,
  -- what stands in the ledger: bank <- pagopa-clearing; below zero: the other way round
  posted_cents bigint not null default 0,
  posted_on date,
  postings integer not null default 0,
  primary key (tenant_id, id),
  unique (tenant_id, creditor_fiscal_code, sender_id, flow_code)
);
create index settlement_flow_waiting on settlement_flow (tenant_id, id) where state = 'reported';

-- One revision of a flow, as it came. Never changed: a higher one replaces it.
create table settlement_report (
  tenant_id uuid not null,
  flow_id uuid not null,
  revision integer not null check (revision >= 1),
  psp_id text not null,
  psp_name text not null,
  -- identificativoUnivocoRegolamento (TRN) and day of the bank transfer
  bank_transfer_code text not null,
  settled_on date not null,
  flow_at timestamptz not null,
  published_at timestamptz,
  -- as stated for the whole flow, with the payments of the creditor's other systems
  total_cents bigint not null,
  payment_count integer not null check (payment_count >= 0),
  -- of our notice numbers
  own_cents bigint not null,
  own_count integer not null check (own_count >= 0),
  -- do its payments add up to what it states?
  adds_up boolean not null,
  source text not null check (source in ('fdr', 'file')),
  received_at timestamptz not null,
  primary key (tenant_id, flow_id, revision),
  foreign key (tenant_id, flow_id) references settlement_flow (tenant_id, id)
);

-- The payments of our own notices; those of the creditor's other systems are nobody's business here.
create table settlement_payment (
  tenant_id uuid not null,
  flow_id uuid not null,
  revision integer not null,
  line integer not null check (line >= 1),
  iuv text not null,
  -- identificativo univoco riscossione: pagoPA's receipt id
  iur text not null,
  transfer integer not null check (transfer between 1 and 5),
  -- below zero: taken back (REVOKED)
  amount_cents bigint not null,
  paid_on date not null,
  outcome text not null check (outcome in ('EXECUTED', 'REVOKED', 'STAND_IN', 'STAND_IN_NO_RPT', 'NO_RPT')),
  standing text not null check (standing in
    ('receipt-missing', 'matched', 'amount-differs', 'reported-twice', 'revoked')),
  receipt_id uuid,
  primary key (tenant_id, flow_id, revision, line),
  foreign key (tenant_id, flow_id, revision) references settlement_report (tenant_id, flow_id, revision)
);
create index settlement_payment_by_iur on settlement_payment (tenant_id, iur);
create index settlement_payment_by_receipt on settlement_payment (tenant_id, receipt_id)
  where receipt_id is not null;
create index settlement_payment_open on settlement_payment (tenant_id, standing) where standing <> 'matched';
create index payment_notice_to_settle on payment_notice (tenant_id, id) where state in ('paid', 'reported');

-- A file of the bank or of pagoPA: read, shown, then applied. Of a journal only what concerns pagoPA is kept.
create table settlement_upload (
  tenant_id uuid not null,
  id uuid not null,
  kind text not null check (kind in ('cash-journal', 'settlement-report')),
  file_name text not null,
  -- identificativo_flusso_BT of a journal, identificativoFlusso of a report
  code text not null,
  content jsonb not null,
  uploaded_at timestamptz not null,
  uploaded_by text not null,
  applied_at timestamptz,
  applied_by text,
  primary key (tenant_id, id)
);

-- What came into the treasury for pagoPA. The key says the same movement is the same in every journal that tells of it.
create table bank_movement (
  tenant_id uuid not null,
  id uuid not null,
  upload_id uuid not null,
  movement_key text not null,
  moved_on date not null,
  -- below zero: the treasury took it back (STORNATO)
  amount_cents bigint not null check (amount_cents <> 0),
  causale text not null,
  account text not null,
  document text not null,
  flow_id uuid,
  standing text not null default 'unexplained' check (standing in ('unexplained', 'matched', 'amount-differs')),
  -- what somebody of the office said it belongs to: stronger than the causale
  chosen_flow_id uuid,
  primary key (tenant_id, id),
  unique (tenant_id, movement_key),
  foreign key (tenant_id, upload_id) references settlement_upload (tenant_id, id),
  foreign key (tenant_id, flow_id) references settlement_flow (tenant_id, id)
);
create index bank_movement_by_flow on bank_movement (tenant_id, flow_id) where flow_id is not null;
create index bank_movement_open on bank_movement (tenant_id, moved_on) where standing <> 'matched';

-- Why something that matches nothing is right all the same: said once, by a person, never taken back silently.
create table settlement_note (
  tenant_id uuid not null,
  id uuid not null,
  -- 'movement:<id>' or 'payment:<flow>:<iur>:<iuv>:<transfer>': of a payment in every revision
  subject text not null,
  reason text not null,
  noted_at timestamptz not null,
  noted_by text not null,
  primary key (tenant_id, id)
);
create index settlement_note_by_subject on settlement_note (tenant_id, subject);

-- Until where pagoPA's list of flows has been read.
create table settlement_cursor (
  tenant_id uuid not null,
  creditor_fiscal_code text not null,
  published_until timestamptz,
  fetched_at timestamptz,
  problem text not null default '',
  primary key (tenant_id, creditor_fiscal_code)
);

-- Receipts that a flow knows and we do not: asked for one by one, ten an hour (pagoPA's limit).
create table receipt_recovery (
  tenant_id uuid not null,
  creditor_fiscal_code text not null,
  iur text not null,
  iuv text not null,
  state text not null default 'waiting' check (state in ('waiting', 'recovered', 'given-up')),
  attempts integer not null default 0,
  last_attempt_at timestamptz,
  next_attempt_at timestamptz not null,
  problem text not null default '',
  primary key (tenant_id, creditor_fiscal_code, iur, iuv)
);
create index receipt_recovery_due on receipt_recovery (tenant_id, next_attempt_at) where state = 'waiting';

do $$
declare t text;
begin
  foreach t in array array['settlement_flow', 'settlement_report', 'settlement_payment', 'settlement_upload',
    'bank_movement', 'settlement_note', 'settlement_cursor', 'receipt_recovery'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format(
      'create policy tenant_isolation on %I using (tenant_id = nullif(current_setting(''app.tenant_id'', true), '''')::uuid)
       with check (tenant_id = nullif(current_setting(''app.tenant_id'', true), '''')::uuid)', t);
    execute format('grant select, insert, update, delete on %I to campanella_app', t);
  end loop;
end $$;
revoke update, delete on settlement_report, settlement_note from campanella_app;
revoke delete on settlement_flow, settlement_payment, bank_movement from campanella_app;
