-- tariffs: versions that cite their act, ISEE of each child, decisions that explain themselves (X-09).
create table tariff_version (
  tenant_id uuid not null,
  id uuid not null,
  service_id uuid not null,
  valid_from date not null,
  act text not null default '',
  definition jsonb not null,
  assumed_reason text,
  recorded_at timestamptz not null,
  recorded_by text not null,
  primary key (tenant_id, id),
  -- append-only: of two versions from the same day the one recorded last holds, as long as neither priced anything
  unique (tenant_id, service_id, valid_from, recorded_at, id),
  foreign key (tenant_id, service_id) references service (tenant_id, id)
);

create table isee (
  tenant_id uuid not null,
  id uuid not null,
  child_id uuid not null,
  kind text not null check (kind in ('ordinario', 'minorenni', 'corrente')),
  value_cents bigint not null check (value_cents >= 0),
  presented_on date not null,
  valid_from date not null,
  valid_to date not null,
  applies_from date not null,
  overridden_by text,
  reason text,
  recorded_at timestamptz not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, child_id) references person (tenant_id, id)
);
create index isee_by_child on isee (tenant_id, child_id, applies_from);

create table exemption (
  tenant_id uuid not null,
  id uuid not null,
  child_id uuid not null,
  service_id uuid,
  code text not null,
  from_date date not null,
  to_date date,
  primary key (tenant_id, id),
  foreign key (tenant_id, child_id) references person (tenant_id, id)
);
create index exemption_by_child on exemption (tenant_id, child_id);

-- id is derived from the content: the same reasons are stored once, however many meals they price.
create table price_decision (
  tenant_id uuid not null,
  id uuid not null,
  tariff_version_id uuid not null,
  amount_cents bigint not null check (amount_cents >= 0),
  explanation jsonb not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, tariff_version_id) references tariff_version (tenant_id, id)
);
