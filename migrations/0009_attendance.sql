-- attendance: what happened. Marks are facts as they were reported; attendance is the current answer.
create table service_day (
  tenant_id uuid not null,
  service_id uuid not null,
  site_id uuid not null,
  date date not null,
  state text not null check (state in ('open', 'closing', 'closed')),
  changed_at timestamptz not null,
  changed_by text not null,
  reason text not null default '',
  -- how often the day was closed: part of every charge's key, so that a reopened day charges anew
  closing_number integer not null default 0,
  primary key (tenant_id, service_id, site_id, date),
  foreign key (tenant_id, service_id) references service (tenant_id, id),
  foreign key (tenant_id, site_id) references school_site (tenant_id, id)
);
create index service_day_by_date on service_day (tenant_id, date, state);

create table attendance (
  tenant_id uuid not null,
  service_id uuid not null,
  date date not null,
  child_id uuid not null,
  site_id uuid not null,
  class_id uuid,
  status text not null check (status in ('present', 'absent')),
  walk_in boolean not null default false,
  plain boolean not null default false,
  -- is the meal to be paid? An absence reported too late stays billable (D5)
  billable boolean not null,
  source text not null check (source in ('presumed', 'morning', 'noon', 'correction')),
  recorded_by text not null,
  recorded_at timestamptz not null,
  primary key (tenant_id, service_id, date, child_id),
  foreign key (tenant_id, child_id) references person (tenant_id, id)
);
create index attendance_by_site on attendance (tenant_id, service_id, site_id, date);
create index attendance_by_child on attendance (tenant_id, child_id, date);

create table attendance_mark (
  tenant_id uuid not null,
  id uuid not null,
  service_id uuid not null,
  date date not null,
  child_id uuid not null,
  site_id uuid not null,
  class_id uuid,
  phase text not null check (phase in ('morning', 'noon', 'correction')),
  status text not null check (status in ('present', 'absent')),
  walk_in boolean not null default false,
  billable boolean not null,
  reason text not null default '',
  recorded_by text not null,
  received_at timestamptz not null,
  recorded_at timestamptz not null,
  primary key (tenant_id, id)
);
create index attendance_mark_by_day on attendance_mark (tenant_id, service_id, date, child_id);

create table roll_call (
  tenant_id uuid not null,
  id uuid not null,
  service_id uuid not null,
  class_id uuid not null,
  date date not null,
  phase text not null check (phase in ('morning', 'noon')),
  present_count integer not null,
  absent_count integer not null,
  submitted_by text not null,
  received_at timestamptz not null,
  recorded_at timestamptz not null,
  idempotency_key text not null,
  input_hash text not null,
  primary key (tenant_id, id),
  unique (tenant_id, idempotency_key)
);
create index roll_call_by_day on roll_call (tenant_id, date, service_id, class_id);

-- A child who ate and whom nobody could name yet (X-03). Never stops a day.
create table unknown_walk_in (
  tenant_id uuid not null,
  id uuid not null,
  service_id uuid not null,
  site_id uuid not null,
  date date not null,
  description text not null,
  recorded_by text not null,
  recorded_at timestamptz not null,
  child_id uuid,
  resolved_by text,
  resolved_at timestamptz,
  primary key (tenant_id, id)
);
create index unknown_walk_in_by_day on unknown_walk_in (tenant_id, date);
