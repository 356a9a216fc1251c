-- payments: what families pay at pagoPA, what came in, what is still a question. Design: docs/adr/0020.

-- Which station answers for a creditor institution's notices. A request of the Node names no town: creditor and
-- segregation code (digits 2 and 3 of the notice number) lead to it. Retired stations stay: receipts come for years.
create table platform.pagopa_station (
  creditor_fiscal_code text not null check (creditor_fiscal_code ~ '^\d{11}$'),
  segregation_code text not null check (segregation_code ~ '^([0-3]\d|4[0-5])$'),
  station_id text not null,
  broker_fiscal_code text not null,
  tenant_id uuid not null references platform.tenant (id),
  -- synchronous: pagoPA asks us; asynchronous: we hand the positions to GPD
  mode text not null check (mode in ('synchronous', 'asynchronous')),
  added_at timestamptz not null,
  retired_at timestamptz,
  primary key (creditor_fiscal_code, segregation_code, station_id)
);
create unique index pagopa_station_in_use on platform.pagopa_station (creditor_fiscal_code, segregation_code)
  where retired_at is null;
create index pagopa_station_by_tenant on platform.pagopa_station (tenant_id);

-- The next number of each creditor and segregation code: never given twice, whichever towns share the creditor.
create table platform.pagopa_number (
  creditor_fiscal_code text not null,
  segregation_code text not null,
  last bigint not null check (last >= 0),
  primary key (creditor_fiscal_code, segregation_code)
);

-- Every receipt as it came, before anybody interprets it. Answered OK once it is here, applied afterwards.
create table platform.pagopa_inbox (
  id uuid primary key,
  recipient_fiscal_code text not null,
  receipt_id text not null,
  operation text not null check (operation in ('paSendRT', 'paSendRTV2', 'recovered', 'office')),
  station_id text not null,
  -- null: nobody of ours (a broadcast receipt of another station of the same creditor)
  tenant_id uuid references platform.tenant (id),
  notice_number text not null,
  amount_cents bigint not null,
  raw text not null,
  received_at timestamptz not null,
  state text not null default 'received' check (state in ('received', 'applied', 'not-ours')),
  attempts integer not null default 0,
  next_attempt_at timestamptz not null,
  processed_at timestamptz,
  problem text not null default '',
  unique (recipient_fiscal_code, receipt_id)
);
create index pagopa_inbox_due on platform.pagopa_inbox (next_attempt_at) where state = 'received';
grant select, insert, update on platform.pagopa_station, platform.pagopa_number, platform.pagopa_inbox
  to campanella_app;

-- Where a creditor institution is paid: bank and postal accounts. Not deleted: retired.
create table collection_account (
  tenant_id uuid not null,
  id uuid not null,
  creditor_id uuid not null,
  iban text not null check (iban ~ '^IT\d{2}[A-Z]\d{10}[0-9A-Z]{12}$'),
  kind text not null check (kind in ('bank', 'postal')),
  -- of a postal account: number, holder as printed, authorisation to print the slip
  postal_account text not null default '',
  postal_holder text not null default '',
  postal_authorisation text not null default '',
  added_at timestamptz not null,
  added_by text not null,
  retired_at timestamptz,
  primary key (tenant_id, id),
  foreign key (tenant_id, creditor_id) references creditor_institution (tenant_id, id)
);
create unique index collection_account_in_use on collection_account (tenant_id, creditor_id, kind)
  where retired_at is null;

-- Keys of the platform's services, encrypted with the installation's key: read by nobody who only has the database.
create table service_key (
  tenant_id uuid not null,
  service text not null check (service in ('checkout', 'gpd', 'aca', 'fdr', 'biz-events')),
  sealed text not null,
  changed_at timestamptz not null,
  changed_by text not null,
  primary key (tenant_id, service)
);

-- What is owed together: paid as one notice, or in instalments instead.
create table debt_position (
  tenant_id uuid not null,
  id uuid not null,
  kind text not null check (kind in ('top-up', 'first-notice', 'bill', 'fixed-fee', 'old-debt')),
  holder_id uuid not null,
  -- what made it: the same key and content make the same position, once
  idempotency_key text not null,
  input_hash text not null,
  created_at timestamptz not null,
  created_by text not null,
  primary key (tenant_id, id),
  unique (tenant_id, idempotency_key)
);
create index debt_position_by_holder on debt_position (tenant_id, holder_id);

create table payment_notice (
  tenant_id uuid not null,
  id uuid not null,
  position_id uuid not null,
  -- null: the whole at once; 1, 2, 3 …: one of the instalments that may be paid instead
  instalment integer check (instalment >= 1),
  holder_id uuid not null,
  creditor_fiscal_code text not null,
  notice_number text not null check (notice_number ~ '^\d{18}$'),
  -- who owes, as it was when the notice was issued; no code: pagoPA calls the debtor ANONIMO
  debtor_fiscal_code text not null,
  debtor_name text not null,
  subject text not null check (length(subject) between 1 and 140),
  amount_cents bigint not null check (amount_cents > 0),
  due_on date,
  -- may it still be paid after that day?
  payable_after_due boolean not null,
  state text not null check (state in
    ('issued', 'paid', 'reported', 'settled', 'expired', 'cancelled', 'replaced', 'paid-elsewhere')),
  state_at timestamptz not null,
  issued_at timestamptz not null,
  issued_by text not null,
  replaced_by_id uuid,
  primary key (tenant_id, id),
  unique (tenant_id, creditor_fiscal_code, notice_number),
  foreign key (tenant_id, position_id) references debt_position (tenant_id, id)
);
create index payment_notice_by_holder on payment_notice (tenant_id, holder_id, issued_at);
create index payment_notice_by_position on payment_notice (tenant_id, position_id);
create index payment_notice_due on payment_notice (tenant_id, due_on) where state = 'issued';

-- What the money is for. Immutable; sums to the notice's amount; a receipt posts one transfer per line.
create table payment_notice_line (
  tenant_id uuid not null,
  notice_id uuid not null,
  line integer not null check (line >= 1),
  -- the family account that is credited
  holder_id uuid not null,
  account_child_id uuid,
  account_service_id uuid,
  -- what it is for, said to people; of a whole household: no child
  child_id uuid,
  service_id uuid not null,
  bill_id uuid,
  amount_cents bigint not null check (amount_cents > 0),
  -- which of the notice's transfers carries it
  transfer integer not null check (transfer between 1 and 5),
  primary key (tenant_id, notice_id, line),
  foreign key (tenant_id, notice_id) references payment_notice (tenant_id, id)
);
create index payment_notice_line_by_bill on payment_notice_line (tenant_id, bill_id) where bill_id is not null;

-- Where the money goes (pagoPA: at most five). Sums to the notice's amount too.
create table payment_notice_transfer (
  tenant_id uuid not null,
  notice_id uuid not null,
  transfer integer not null check (transfer between 1 and 5),
  creditor_fiscal_code text not null,
  creditor_name text not null,
  iban text not null,
  postal_iban text,
  amount_cents bigint not null check (amount_cents > 0),
  category text not null,
  remittance text not null check (length(remittance) between 1 and 140),
  primary key (tenant_id, notice_id, transfer),
  foreign key (tenant_id, notice_id) references payment_notice (tenant_id, id)
);

-- What happened to a notice, who, when. Pending is read from here: a cart, or a payment begun at a counter.
create table payment_notice_event (
  tenant_id uuid not null,
  id uuid not null,
  notice_id uuid not null,
  kind text not null check (kind in ('issued', 'cart', 'asked', 'paid', 'reported', 'settled', 'expired',
    'cancelled', 'replaced', 'paid-elsewhere')),
  at timestamptz not null,
  by text not null,
  details jsonb not null default '{}',
  primary key (tenant_id, id),
  foreign key (tenant_id, notice_id) references payment_notice (tenant_id, id)
);
create index payment_notice_event_by_notice on payment_notice_event (tenant_id, notice_id, at);

-- The proof of a payment, read from the inbox. A second receipt of one notice has a row of its own.
create table payment_receipt (
  tenant_id uuid not null,
  id uuid not null,
  inbox_id uuid not null,
  creditor_fiscal_code text not null,
  receipt_id text not null,
  notice_number text not null,
  iuv text not null,
  notice_id uuid,
  verdict text not null check (verdict in ('exact', 'other-amount', 'duplicate', 'cancelled-top-up',
    'cancelled', 'replaced', 'unknown-notice')),
  amount_cents bigint not null check (amount_cents > 0),
  fee_cents bigint,
  paid_at timestamptz not null,
  applied_on date,
  transferred_on date,
  psp_id text not null,
  psp_name text not null,
  psp_fiscal_code text not null default '',
  channel text not null default '',
  method text not null default '',
  -- counts for the tax certificate (cash at our own desk never is a receipt)
  traceable boolean not null default true,
  payer_fiscal_code text not null default '',
  payer_name text not null default '',
  description text not null,
  transfers jsonb not null,
  stand_in boolean not null default false,
  stored_at timestamptz not null,
  primary key (tenant_id, id),
  unique (tenant_id, creditor_fiscal_code, receipt_id)
);
create index payment_receipt_by_notice on payment_receipt (tenant_id, notice_id);
create index payment_receipt_by_iuv on payment_receipt (tenant_id, iuv);
create index payment_receipt_by_day on payment_receipt (tenant_id, paid_at);

-- One visit to pagoPA's pages with up to five notices. What it comes back with decides nothing (X-06).
create table payment_cart (
  tenant_id uuid not null,
  id uuid not null,
  started_at timestamptz not null,
  started_by text not null,
  idempotency_key text not null,
  state text not null check (state in ('started', 'sent', 'refused')),
  -- pagoPA's page, to send a second click to the same place
  location text not null default '',
  returned_at timestamptz,
  returned_as text check (returned_as in ('ok', 'waiting', 'error', 'cancel')),
  primary key (tenant_id, id),
  unique (tenant_id, idempotency_key)
);
create table payment_cart_notice (
  tenant_id uuid not null,
  cart_id uuid not null,
  notice_id uuid not null,
  primary key (tenant_id, cart_id, notice_id),
  foreign key (tenant_id, cart_id) references payment_cart (tenant_id, id),
  foreign key (tenant_id, notice_id) references payment_notice (tenant_id, id)
);
create index payment_cart_notice_by_notice on payment_cart_notice (tenant_id, notice_id);

-- Money that no rule could place: it lies in suspense until somebody of the office decides.
create table payment_case (
  tenant_id uuid not null,
  id uuid not null,
  kind text not null check (kind in ('other-amount', 'duplicate', 'cancelled', 'replaced', 'unknown-notice')),
  receipt_id uuid not null,
  amount_cents bigint not null check (amount_cents > 0),
  opened_at timestamptz not null,
  resolved_at timestamptz,
  resolved_by text,
  resolution text check (resolution in ('credited', 'to-refund')),
  reason text not null default '',
  primary key (tenant_id, id),
  foreign key (tenant_id, receipt_id) references payment_receipt (tenant_id, id)
);
create index payment_case_open on payment_case (tenant_id, opened_at) where resolved_at is null;

-- Money that another institution collects (a concession company) never reaches the town's bank.
alter table ledger_account drop constraint ledger_account_kind_check;
alter table ledger_account add constraint ledger_account_kind_check check (kind in
  ('family', 'revenue', 'pagopa-clearing', 'sdd-clearing', 'bank', 'cash-desk', 'vouchers',
   'refunds-payable', 'write-offs', 'suspense', 'collected-by-others'));

do $$
declare t text;
begin
  foreach t in array array['collection_account', 'service_key', 'debt_position', 'payment_notice',
    'payment_notice_line', 'payment_notice_transfer', 'payment_notice_event', 'payment_receipt', 'payment_cart',
    'payment_cart_notice', 'payment_case'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format(
      'create policy tenant_isolation on %I using (tenant_id = nullif(current_setting(''app.tenant_id'', true), '''')::uuid)
       with check (tenant_id = nullif(current_setting(''app.tenant_id'', true), '''')::uuid)', t);
    execute format('grant select, insert, update, delete on %I to campanella_app', t);
  end loop;
end $$;
revoke update, delete on payment_notice_line, payment_notice_transfer, payment_notice_event, payment_receipt,
  payment_cart_notice from campanella_app;
revoke delete on collection_account, debt_position, payment_notice, payment_cart, payment_case from campanella_app;

-- What payments reads of tenancy: who collects for the town.
create view v_creditor_institution with (security_invoker = true) as
  select tenant_id, id, fiscal_code, name from creditor_institution;
grant select on v_creditor_institution to campanella_app;
