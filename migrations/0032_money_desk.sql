-- The office's money desk: payments registered by hand, requests for money back, write-offs. Design: docs/adr/0020.

-- Money that came without a payment of ours: another portal (BI-09), cash or card for old debts (BO-08), a bank
-- transfer, paper vouchers (MC-05). Written once: a mistake is undone in the ledger.
create table desk_payment (
  tenant_id uuid not null,
  id uuid not null,
  number integer not null check (number >= 1),
  method text not null check (method in ('other-portal', 'cash', 'pos', 'bank-transfer', 'vouchers')),
  -- counts for the tax certificate
  traceable boolean not null,
  -- the family account that is credited; of a paid notice: its first line's
  holder_id uuid not null,
  account_child_id uuid,
  account_service_id uuid,
  child_id uuid,
  service_id uuid,
  -- a notice of ours that it pays
  notice_id uuid,
  amount_cents bigint not null check (amount_cents > 0),
  paid_on date not null,
  payer_name text not null,
  payer_fiscal_code text not null default '',
  -- identifier of the other portal's receipt, of the transfer (CRO/TRN), of the card terminal's slip
  receipt_ref text not null default '',
  -- what the town's setting names: place and purpose of cash
  place text not null default '',
  note text not null default '',
  voucher_count integer check (voucher_count >= 1),
  voucher_cents bigint check (voucher_cents > 0),
  idempotency_key text not null,
  recorded_at timestamptz not null,
  recorded_by text not null,
  primary key (tenant_id, id),
  unique (tenant_id, number),
  unique (tenant_id, idempotency_key),
  check ((method = 'vouchers') = (voucher_count is not null and voucher_cents is not null)),
  foreign key (tenant_id, notice_id) references payment_notice (tenant_id, id)
);
create unique index desk_payment_by_receipt on desk_payment (tenant_id, method, receipt_ref) where receipt_ref <> '';
create index desk_payment_by_holder on desk_payment (tenant_id, holder_id, paid_on);

-- The receipt that the family handed in, as it came.
create table desk_payment_file (
  tenant_id uuid not null,
  payment_id uuid not null,
  file_name text not null,
  media_type text not null check (media_type in ('application/pdf', 'image/jpeg', 'image/png', 'application/xml')),
  content bytea not null check (octet_length(content) between 1 and 5242880),
  primary key (tenant_id, payment_id),
  foreign key (tenant_id, payment_id) references desk_payment (tenant_id, id)
);

-- Refunds by SEPA credit transfer, gathered into one file for the treasurer.
create table refund_batch (
  tenant_id uuid not null,
  id uuid not null,
  message_id text not null,
  execution_on date not null,
  debtor_name text not null,
  debtor_iban text not null,
  made_at timestamptz not null,
  made_by text not null,
  sent_at timestamptz,
  sent_by text,
  primary key (tenant_id, id),
  unique (tenant_id, message_id)
);

-- X-10: money back, or from one child's account to another's, asked for by the family or the office.
create table money_request (
  tenant_id uuid not null,
  id uuid not null,
  number integer not null check (number >= 1),
  kind text not null check (kind in ('refund', 'transfer')),
  -- who asks for it: the family, the office for it, a rule on residual credit, a payment that no rule could place
  origin text not null check (origin in ('family', 'office', 'residual-credit', 'payment-case')),
  -- the account that gives; of a payment case: none, the money is in `refunds-payable` already
  holder_id uuid,
  from_child_id uuid,
  from_service_id uuid,
  to_child_id uuid,
  to_service_id uuid,
  payment_case_id uuid,
  amount_cents bigint not null check (amount_cents > 0),
  -- of a refund: who gets it, where
  beneficiary text not null default '',
  iban text not null default '' check (iban = '' or iban ~ '^IT\d{2}[A-Z]\d{10}[0-9A-Z]{12}$'),
  reason text not null,
  asked_at timestamptz not null,
  asked_by text not null,
  -- promised: by this day it is answered and executed
  due_on date not null,
  state text not null check (state in
    ('received', 'approved', 'ordered', 'paid', 'executed', 'refused', 'withdrawn', 'returned', 'given-back')),
  state_at timestamptz not null,
  answer text not null default '',
  answered_at timestamptz,
  answered_by text,
  batch_id uuid,
  -- how often it was ordered: each time has its own end-to-end id and ledger key
  attempt integer not null default 0,
  idempotency_key text not null,
  input_hash text not null,
  primary key (tenant_id, id),
  unique (tenant_id, number),
  unique (tenant_id, idempotency_key),
  check ((holder_id is null) = (origin = 'payment-case')),
  check (kind = 'refund' or holder_id is not null),
  foreign key (tenant_id, batch_id) references refund_batch (tenant_id, id),
  foreign key (tenant_id, payment_case_id) references payment_case (tenant_id, id)
);
create index money_request_by_holder on money_request (tenant_id, holder_id, asked_at);
create index money_request_open on money_request (tenant_id, due_on)
  where state in ('received', 'approved', 'ordered', 'returned');
create index money_request_by_batch on money_request (tenant_id, batch_id) where batch_id is not null;
create unique index money_request_by_case on money_request (tenant_id, payment_case_id)
  where payment_case_id is not null;

-- What a file asks the bank to pay, as it was when the file was made: the file can be made again to the same bytes.
create table refund_batch_line (
  tenant_id uuid not null,
  batch_id uuid not null,
  request_id uuid not null,
  request_number integer not null,
  attempt integer not null check (attempt >= 1),
  amount_cents bigint not null check (amount_cents > 0),
  beneficiary text not null,
  iban text not null,
  primary key (tenant_id, batch_id, request_id),
  unique (tenant_id, request_id, attempt),
  foreign key (tenant_id, batch_id) references refund_batch (tenant_id, id),
  foreign key (tenant_id, request_id) references money_request (tenant_id, id)
);

-- What happened to a request, who, when: the family reads it.
create table money_request_event (
  tenant_id uuid not null,
  id uuid not null,
  request_id uuid not null,
  state text not null,
  at timestamptz not null,
  by text not null,
  note text not null default '',
  primary key (tenant_id, id),
  foreign key (tenant_id, request_id) references money_request (tenant_id, id)
);
create index money_request_event_by_request on money_request_event (tenant_id, request_id, at);

-- A debt that nobody will pay: proposed by one, decided by another.
create table write_off (
  tenant_id uuid not null,
  id uuid not null,
  holder_id uuid not null,
  child_id uuid,
  service_id uuid,
  amount_cents bigint not null check (amount_cents > 0),
  reason text not null check (reason <> ''),
  proposed_at timestamptz not null,
  -- account and name: the second person is another account
  proposed_by_id text not null,
  proposed_by text not null,
  decided_at timestamptz,
  decided_by_id text,
  decided_by text,
  decision text check (decision in ('approved', 'refused')),
  decision_reason text not null default '',
  idempotency_key text not null,
  primary key (tenant_id, id),
  unique (tenant_id, idempotency_key),
  check (decided_by_id is null or decided_by_id <> proposed_by_id)
);
create index write_off_by_holder on write_off (tenant_id, holder_id);
create index write_off_open on write_off (tenant_id, proposed_at) where decided_at is null;

do $$
declare t text;
begin
  foreach t in array array['desk_payment', 'desk_payment_file', 'refund_batch', 'refund_batch_line',
    'money_request', 'money_request_event', 'write_off'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format(
      'create policy tenant_isolation on %I using (tenant_id = nullif(current_setting(''app.tenant_id'', true), '''')::uuid)
       with check (tenant_id = nullif(current_setting(''app.tenant_id'', true), '''')::uuid)', t);
    execute format('grant select, insert, update, delete on %I to campanella_app', t);
  end loop;
end $$;
revoke update, delete on desk_payment, desk_payment_file, refund_batch_line, money_request_event
  from campanella_app;
revoke delete on refund_batch, money_request, write_off from campanella_app;
