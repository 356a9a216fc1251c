-- booking: only the exceptions to "eats as usual", and a receipt for every act, accepted or refused (X-01).
create table receipt (
  tenant_id uuid not null,
  id uuid not null,
  number text not null,
  check_code text not null,
  act text not null
    check (act in ('cancel', 'restore', 'plain', 'normal', 'book', 'unbook', 'absence', 'resume', 'report-absence')),
  outcome text not null,
  child_id uuid not null,
  service_id uuid not null,
  from_date date not null,
  to_date date,
  channel text not null check (channel in ('portal', 'office', 'school', 'voice', 'app')),
  actor_id text not null,
  actor_name text not null,
  received_at timestamptz not null,
  recorded_at timestamptz not null,
  cutoff_at timestamptz,
  effect jsonb not null,
  idempotency_key text not null,
  input_hash text not null,
  primary key (tenant_id, id),
  unique (tenant_id, number),
  unique (tenant_id, idempotency_key),
  foreign key (tenant_id, child_id) references person (tenant_id, id),
  foreign key (tenant_id, service_id) references service (tenant_id, id)
);
create index receipt_by_child on receipt (tenant_id, child_id, recorded_at);

create table meal_choice (
  tenant_id uuid not null,
  service_id uuid not null,
  date date not null,
  child_id uuid not null,
  choice text not null check (choice in ('expected', 'cancelled', 'plain', 'absent-late')),
  receipt_id uuid not null,
  decided_at timestamptz not null,
  primary key (tenant_id, service_id, date, child_id),
  foreign key (tenant_id, receipt_id) references receipt (tenant_id, id)
);
create index meal_choice_by_child on meal_choice (tenant_id, child_id, date);

create table absence_period (
  tenant_id uuid not null,
  id uuid not null,
  child_id uuid not null,
  service_id uuid not null,
  from_date date not null,
  to_date date,
  receipt_id uuid not null,
  created_at timestamptz not null,
  resumed_receipt_id uuid,
  last_reminder_on date,
  primary key (tenant_id, id),
  foreign key (tenant_id, child_id) references person (tenant_id, id),
  foreign key (tenant_id, service_id) references service (tenant_id, id),
  foreign key (tenant_id, receipt_id) references receipt (tenant_id, id)
);
create index absence_period_by_child on absence_period (tenant_id, child_id, from_date);
create index absence_period_by_service on absence_period (tenant_id, service_id, from_date);

-- While a row stands, the bookings of that site and day no longer change: closing has read them.
create table booking_lock (
  tenant_id uuid not null,
  service_id uuid not null,
  site_id uuid not null,
  date date not null,
  locked_at timestamptz not null,
  primary key (tenant_id, service_id, site_id, date)
);
