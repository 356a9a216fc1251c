-- The few tables that belong to the installation, not to one municipality (docs/adr/0003).
create schema platform;

create table platform.tenant (
  id uuid primary key,
  slug text not null unique check (slug ~ '^[a-z0-9-]{2,40}$'),
  name text not null,
  demo boolean not null default false,
  created_at timestamptz not null
);

create table platform.tenant_host (
  host text primary key,
  tenant_id uuid not null references platform.tenant (id)
);

-- Secrets made at the first start (receipt check codes, cookies). Never granted to the app role.
create table platform.installation (
  key text primary key,
  value text not null,
  created_at timestamptz not null
);

grant usage on schema platform to campanella_app;
grant select, insert, update on platform.tenant, platform.tenant_host to campanella_app;
