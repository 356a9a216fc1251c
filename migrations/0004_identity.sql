-- identity: accounts, roles, sessions. Real identity providers come with the next issues.
create table account (
  tenant_id uuid not null,
  id uuid not null,
  username text not null,
  display_name text not null,
  password_hash text,
  demo boolean not null default false,
  -- demo only: who that is, for whoever chooses a persona
  hint text not null default '',
  created_at timestamptz not null,
  disabled_at timestamptz,
  primary key (tenant_id, id),
  unique (tenant_id, username)
);

-- site_id and class_id narrow a role; they name calendar rows without a foreign key (identity knows no calendar).
create table role_grant (
  tenant_id uuid not null,
  id uuid not null,
  account_id uuid not null,
  role text not null check (role in ('guardian', 'school', 'kitchen', 'office', 'office-manager', 'administrator')),
  site_id uuid,
  class_id uuid,
  from_date date not null,
  to_date date,
  primary key (tenant_id, id),
  foreign key (tenant_id, account_id) references account (tenant_id, id)
);
create index role_grant_by_account on role_grant (tenant_id, account_id);

create table session (
  tenant_id uuid not null,
  token_hash text not null,
  account_id uuid not null,
  created_at timestamptz not null,
  last_seen_at timestamptz not null,
  expires_at timestamptz not null,
  ended_at timestamptz,
  desk_holder_id uuid,
  desk_reason text,
  desk_opened_at timestamptz,
  primary key (tenant_id, token_hash),
  foreign key (tenant_id, account_id) references account (tenant_id, id)
);

create table login_attempt (
  tenant_id uuid not null,
  id uuid not null,
  username_hash text not null,
  origin_hash text not null,
  at timestamptz not null,
  succeeded boolean not null,
  primary key (tenant_id, id)
);
create index login_attempt_recent on login_attempt (tenant_id, username_hash, at);
