-- billing: what each meal or fee cost and why; the month's bill. Charges are append-only: a correction reverses.
create table charge (
  tenant_id uuid not null,
  id uuid not null,
  kind text not null check (kind in ('meal', 'fixed-fee', 'reversal')),
  service_id uuid not null,
  -- null: a fee of a whole household
  child_id uuid,
  holder_id uuid not null,
  site_id uuid,
  date date not null,
  -- 'meal:<service>:<date>:<child>:<closing>:<holder>' or 'fee:…': also the transfer's idempotency key
  charge_key text not null,
  amount_cents bigint not null,
  decision_id uuid,
  attendance_source text,
  attendance_by text,
  attendance_at timestamptz,
  reverses_id uuid,
  reason text not null default '',
  posted_at timestamptz not null,
  due_on date,
  primary key (tenant_id, id),
  unique (tenant_id, charge_key)
);
create index charge_by_child on charge (tenant_id, child_id, date);
create index charge_by_holder on charge (tenant_id, holder_id, date);
create index charge_by_day on charge (tenant_id, service_id, date);
create unique index charge_reverses on charge (tenant_id, reverses_id) where reverses_id is not null;

create table unpriced_meal (
  tenant_id uuid not null,
  service_id uuid not null,
  date date not null,
  child_id uuid not null,
  site_id uuid not null,
  reason text not null,
  noted_at timestamptz not null,
  resolved_at timestamptz,
  primary key (tenant_id, service_id, date, child_id)
);

create table bill (
  tenant_id uuid not null,
  id uuid not null,
  number text not null,
  service_id uuid not null,
  holder_id uuid not null,
  child_id uuid,
  month date not null,
  total_cents bigint not null,
  meals integer not null,
  state text not null check (state in ('drawn', 'issued', 'paid', 'cancelled')),
  drawn_at timestamptz not null,
  drawn_by text not null,
  due_on date not null,
  bill_key text not null,
  primary key (tenant_id, id),
  unique (tenant_id, number),
  unique (tenant_id, bill_key)
);
create index bill_by_holder on bill (tenant_id, holder_id, month);

create table bill_line (
  tenant_id uuid not null,
  charge_id uuid not null,
  bill_id uuid not null,
  primary key (tenant_id, charge_id),
  foreign key (tenant_id, bill_id) references bill (tenant_id, id),
  foreign key (tenant_id, charge_id) references charge (tenant_id, id)
);
create index bill_line_by_bill on bill_line (tenant_id, bill_id);

-- A family says "this is not right" about one charge; the answer has a promised date (X-09).
create table dispute (
  tenant_id uuid not null,
  id uuid not null,
  number integer not null,
  charge_id uuid not null,
  holder_id uuid not null,
  text text not null,
  opened_at timestamptz not null,
  opened_by text not null,
  answer_due_on date not null,
  answered_at timestamptz,
  answered_by text,
  answer text,
  primary key (tenant_id, id),
  unique (tenant_id, number),
  foreign key (tenant_id, charge_id) references charge (tenant_id, id)
);
create index dispute_by_holder on dispute (tenant_id, holder_id);
