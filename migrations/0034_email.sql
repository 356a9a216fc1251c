-- E-mail to families: planned in the transaction that causes it, sent afterwards. Design: docs/adr/0023.

-- What a message is read in outside the portal; set when the person chooses a language there.
alter table person add column language text not null default 'it' check (language in ('it', 'en'));

-- One row per message. Attachments are references: a notice's PDF is made when the message leaves.
create table email (
  tenant_id uuid not null,
  -- its Message-ID too: whoever receives it twice can tell
  id uuid not null,
  holder_id uuid not null,
  person_id uuid not null,
  kind text not null check (kind in ('bill', 'first-notice', 'reminder')),
  address text not null check (address <> ''),
  lang text not null check (lang in ('it', 'en')),
  subject text not null,
  body text not null,
  -- the portal's page that it leads to
  path text not null,
  -- payment notices that it speaks of and carries
  notice_ids uuid[] not null default '{}',
  dedupe_key text not null,
  -- failed: tried, to be tried again; given-up: the address or the message is refused for good; withdrawn: what it
  -- asked for was paid or begun meanwhile
  state text not null default 'planned' check (state in ('planned', 'failed', 'sent', 'given-up', 'withdrawn')),
  attempts integer not null default 0,
  next_attempt_at timestamptz not null,
  -- one sender at a time: who has it, and until when it may
  claim uuid,
  claimed_until timestamptz,
  problem text not null default '',
  planned_at timestamptz not null,
  done_at timestamptz,
  primary key (tenant_id, id),
  unique (tenant_id, dedupe_key),
  check ((done_at is not null) = (state in ('sent', 'given-up', 'withdrawn')))
);
create index email_due on email (tenant_id, next_attempt_at) where state in ('planned', 'failed');
create index email_given_up on email (tenant_id, done_at) where state = 'given-up';
create index email_by_holder on email (tenant_id, holder_id, planned_at);

-- The first notice of a prepaid service (BI-08): once per child and school year. No price or no payer: `reason`, and
-- the child is tried again.
create table first_notice (
  tenant_id uuid not null,
  service_id uuid not null,
  year integer not null,
  child_id uuid not null,
  meals integer not null check (meals > 0),
  meal_cents bigint not null default 0 check (meal_cents >= 0),
  reason text not null default '',
  made_at timestamptz not null,
  made_by text not null,
  primary key (tenant_id, service_id, year, child_id)
);
create index first_notice_open on first_notice (tenant_id, made_at) where reason <> '';

-- A round of reminders, and what it asked for. The round's id is the form's key: sent twice, it is one round.
create table reminder_round (
  tenant_id uuid not null,
  id uuid not null,
  started_at timestamptz not null,
  started_by text not null,
  automatic boolean not null,
  primary key (tenant_id, id)
);
create table reminder (
  tenant_id uuid not null,
  round_id uuid not null,
  -- `bill:<id>` or `notice:<id>`
  debt_key text not null,
  holder_id uuid not null,
  notice_id uuid,
  amount_cents bigint not null check (amount_cents > 0),
  due_on date not null,
  emailed boolean not null,
  primary key (tenant_id, round_id, debt_key),
  foreign key (tenant_id, round_id) references reminder_round (tenant_id, id)
);
create index reminder_by_debt on reminder (tenant_id, debt_key);

do $$
declare t text;
begin
  foreach t in array array['email', 'first_notice', 'reminder_round', 'reminder'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format(
      'create policy tenant_isolation on %I using (tenant_id = nullif(current_setting(''app.tenant_id'', true), '''')::uuid)
       with check (tenant_id = nullif(current_setting(''app.tenant_id'', true), '''')::uuid)', t);
    execute format('grant select, insert, update, delete on %I to campanella_app', t);
  end loop;
end $$;
revoke update, delete on reminder_round, reminder from campanella_app;
revoke delete on email, first_notice from campanella_app;
