-- ledger: double entry, append-only, bigint cents. One row is one transfer, so it balances by construction.
-- A family account's balance is credits minus debits: positive = credit, negative = owed.
create table ledger_account (
  tenant_id uuid not null,
  id uuid not null,
  key text not null,
  kind text not null check (kind in
    ('family', 'revenue', 'pagopa-clearing', 'sdd-clearing', 'bank', 'cash-desk', 'vouchers',
     'refunds-payable', 'write-offs', 'suspense')),
  holder_id uuid,
  child_id uuid,
  service_id uuid,
  opened_at timestamptz not null,
  primary key (tenant_id, id),
  unique (tenant_id, key)
);
create index ledger_account_by_holder on ledger_account (tenant_id, holder_id);

create table ledger_transfer (
  tenant_id uuid not null,
  id uuid not null,
  debit_account_id uuid not null,
  credit_account_id uuid not null,
  amount_cents bigint not null check (amount_cents > 0),
  kind text not null,
  happened_on date not null,
  recorded_at timestamptz not null,
  idempotency_key text not null,
  reverses_id uuid,
  reference jsonb not null default '{}',
  primary key (tenant_id, id),
  unique (tenant_id, idempotency_key),
  check (debit_account_id <> credit_account_id),
  foreign key (tenant_id, debit_account_id) references ledger_account (tenant_id, id),
  foreign key (tenant_id, credit_account_id) references ledger_account (tenant_id, id)
);
create index ledger_transfer_debit on ledger_transfer (tenant_id, debit_account_id, happened_on) include (amount_cents);
create index ledger_transfer_credit on ledger_transfer (tenant_id, credit_account_id, happened_on) include (amount_cents);
create unique index ledger_transfer_reverses on ledger_transfer (tenant_id, reverses_id) where reverses_id is not null;
