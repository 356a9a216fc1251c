-- tenancy: what a municipality has chosen, as effective-dated rows.
create table tenant_setting (
  tenant_id uuid not null,
  scope text not null default '',
  key text not null,
  valid_from date not null,
  value jsonb not null,
  assumed_reason text,
  source text not null check (source in ('profile', 'office')),
  recorded_at timestamptz not null,
  recorded_by text not null,
  primary key (tenant_id, scope, key, valid_from)
);

create table profile_version (
  tenant_id uuid not null,
  version integer not null,
  profile text not null,
  school_year integer not null,
  sha256 text not null,
  document text not null,
  applied_at timestamptz not null,
  applied_by text not null,
  primary key (tenant_id, version)
);

-- Counts the changes of settings and calendar, so that a process may keep them in memory and still never be stale.
create table configuration_version (
  tenant_id uuid not null primary key,
  version bigint not null
);

create table creditor_institution (
  tenant_id uuid not null,
  id uuid not null,
  fiscal_code text not null,
  name text not null,
  ipa_code text,
  primary key (tenant_id, id),
  unique (tenant_id, fiscal_code)
);

-- Who did what to a family's data, when, why (X-15). Append-only: see the grants at the end.
create table audit_entry (
  tenant_id uuid not null,
  id uuid not null,
  at timestamptz not null,
  actor_role text not null,
  actor_id text not null,
  actor_name text not null,
  action text not null,
  holder_id uuid,
  child_id uuid,
  reason text,
  details jsonb not null default '{}',
  primary key (tenant_id, id)
);
create index audit_entry_by_holder on audit_entry (tenant_id, holder_id, at);
create index audit_entry_by_child on audit_entry (tenant_id, child_id, at);
