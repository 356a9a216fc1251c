-- Local credentials: what an account can be entered with besides a verified identity. Design: docs/adr/0024.

alter table account add column password_changed_at timestamptz;
-- staff only: must show a second factor at each sign-in
alter table account add column second_factor_required boolean not null default false;
-- staff and devices: where one-time links go; families' addresses stand with the person
alter table account add column email text not null default '';
alter table account add column kind text not null default 'person' check (kind in ('person', 'device'));
alter table account add column disabled_by text;

-- A code that works once: first password (the letter), recovery, a new second factor. Only its hash is kept.
create table one_time_code (
  tenant_id uuid not null,
  id uuid not null,
  account_id uuid not null,
  purpose text not null check (purpose in ('activation', 'recovery', 'device')),
  code_hash text not null,
  made_at timestamptz not null,
  made_by text not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  -- another one was made since, or the account changed
  withdrawn_at timestamptz,
  primary key (tenant_id, id),
  unique (tenant_id, code_hash),
  foreign key (tenant_id, account_id) references account (tenant_id, id)
);
create index one_time_code_by_account on one_time_code (tenant_id, account_id, made_at);

create table one_time_password_device (
  tenant_id uuid not null,
  account_id uuid not null,
  sealed_secret text not null,
  confirmed_at timestamptz,
  -- the last step that was used: a code counts once
  last_step bigint,
  made_at timestamptz not null,
  primary key (tenant_id, account_id),
  foreign key (tenant_id, account_id) references account (tenant_id, id)
);

create table passkey (
  tenant_id uuid not null,
  -- base64url, as the authenticator says it
  credential_id text not null,
  account_id uuid not null,
  public_key text not null,
  counter bigint not null,
  transports jsonb not null default '[]',
  name text not null,
  backed_up boolean not null,
  made_at timestamptz not null,
  last_used_at timestamptz,
  removed_at timestamptz,
  primary key (tenant_id, credential_id),
  foreign key (tenant_id, account_id) references account (tenant_id, id)
);
create index passkey_by_account on passkey (tenant_id, account_id) where removed_at is null;

-- A challenge that was given out; taken by the answer.
create table passkey_challenge (
  tenant_id uuid not null,
  challenge_hash text not null,
  -- whose key is to be added; `null`: somebody wants to come in
  account_id uuid,
  browser_hash text not null,
  issued_at timestamptz not null,
  expires_at timestamptz not null,
  primary key (tenant_id, challenge_hash)
);
create index passkey_challenge_expired on passkey_challenge (tenant_id, expires_at);

-- The password was right, the second factor is still to come.
create table half_sign_in (
  tenant_id uuid not null,
  token_hash text not null,
  account_id uuid not null,
  started_at timestamptz not null,
  expires_at timestamptz not null,
  failures integer not null default 0,
  primary key (tenant_id, token_hash),
  foreign key (tenant_id, account_id) references account (tenant_id, id)
);
create index half_sign_in_expired on half_sign_in (tenant_id, expires_at);

-- A tablet or a kitchen screen. Its account has the grants; its token lives in the device until it is revoked.
create table device (
  tenant_id uuid not null,
  id uuid not null,
  account_id uuid not null,
  name text not null,
  made_at timestamptz not null,
  made_by text not null,
  enrolled_at timestamptz,
  revoked_at timestamptz,
  revoked_by text,
  primary key (tenant_id, id),
  foreign key (tenant_id, account_id) references account (tenant_id, id)
);
create index device_by_account on device (tenant_id, account_id);

-- A run of letters with codes; each letter's codes are made when it is printed and kept as hashes only.
create table letter_run (
  tenant_id uuid not null,
  id uuid not null,
  idempotency_key text not null,
  title text not null,
  made_at timestamptz not null,
  made_by text not null,
  state text not null default 'preparing' check (state in ('preparing', 'ready', 'discarded')),
  letters integer not null,
  done integer not null default 0,
  left_out integer not null default 0,
  finished_at timestamptz,
  primary key (tenant_id, id),
  unique (tenant_id, idempotency_key)
);
create table letter_run_item (
  tenant_id uuid not null,
  run_id uuid not null,
  item integer not null check (item >= 1),
  holder_id uuid not null,
  -- credentials per child (PE-04)
  child_id uuid,
  channel text not null check (channel in ('paper', 'email')),
  outcome text not null default 'waiting' check (outcome in ('waiting', 'done', 'left-out')),
  reason text not null default '',
  primary key (tenant_id, run_id, item),
  foreign key (tenant_id, run_id) references letter_run (tenant_id, id)
);
-- The pages of a run, sealed: they hold codes in clear until they are fetched. Removed a day later.
create table letter_run_file (
  tenant_id uuid not null,
  run_id uuid not null,
  part integer not null,
  sealed_pages text not null,
  primary key (tenant_id, run_id, part),
  foreign key (tenant_id, run_id) references letter_run (tenant_id, id)
);

-- What cancels a meal by telephone: as the letter says it, kept as a keyed hash.
create table voice_code (
  tenant_id uuid not null,
  child_id uuid not null,
  code_hash text not null,
  made_at timestamptz not null,
  primary key (tenant_id, child_id),
  unique (tenant_id, code_hash)
);

do $$
declare t text;
begin
  foreach t in array array['one_time_code', 'one_time_password_device', 'passkey', 'passkey_challenge', 'half_sign_in',
    'device', 'letter_run', 'letter_run_item', 'letter_run_file', 'voice_code'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format(
      'create policy tenant_isolation on %I using (tenant_id = nullif(current_setting(''app.tenant_id'', true), '''')::uuid)
       with check (tenant_id = nullif(current_setting(''app.tenant_id'', true), '''')::uuid)', t);
    execute format('grant select, insert, update, delete on %I to campanella_app', t);
  end loop;
end $$;
revoke update on passkey_challenge from campanella_app;
revoke delete on passkey, device, letter_run, letter_run_item from campanella_app;
