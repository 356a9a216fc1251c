-- What happened around the doors, append-only; and seals over it and over the audit trail. Design: docs/adr/0024.
create table security_event (
  tenant_id uuid not null,
  id uuid not null,
  at timestamptz not null,
  -- sign-in, sign-in-refused, password-changed, role-granted, session-ended … (`SecurityEventKind`)
  kind text not null,
  account_id uuid,
  actor_name text not null default '',
  -- address of the browser, as a keyed hash
  origin_hash text,
  details jsonb not null default '{}',
  primary key (tenant_id, id)
);
create index security_event_by_account on security_event (tenant_id, account_id, at);
create index security_event_by_time on security_event (tenant_id, at);

-- A batch of rows that can no longer change without being noticed: each seal holds the one before it. Made afterwards; a
-- chain head in every transaction would cost seven eighths of the rate.
create table log_seal (
  tenant_id uuid not null,
  log text not null check (log in ('audit_entry', 'security_event')),
  number bigint not null check (number >= 1),
  -- ids ascend in time: everything above `after_id` (nothing: from the first) up to `last_id`
  after_id uuid,
  last_id uuid not null,
  rows integer not null check (rows >= 1),
  -- SHA-256 over the batch, and over the seal before with it
  digest text not null,
  head text not null,
  sealed_at timestamptz not null,
  primary key (tenant_id, log, number)
);

do $$
declare t text;
begin
  foreach t in array array['security_event', 'log_seal'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format(
      'create policy tenant_isolation on %I using (tenant_id = nullif(current_setting(''app.tenant_id'', true), '''')::uuid)
       with check (tenant_id = nullif(current_setting(''app.tenant_id'', true), '''')::uuid)', t);
    execute format('grant select, insert on %I to campanella_app', t);
  end loop;
end $$;
