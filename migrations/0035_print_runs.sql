-- Thousands of notices in one file for the print shop. Made part by part: whoever takes the work up again after a crash,
-- in this process or another, goes on behind the last part. Design: docs/adr/0020.

create table print_run (
  tenant_id uuid not null,
  id uuid not null,
  idempotency_key text not null,
  -- the file's name in words: "Mensa scolastica, tutte le scuole"
  title text not null,
  -- what was chosen, for people and for a second run
  choice jsonb not null,
  -- printed on both sides: each notice starts on a sheet of its own
  duplex boolean not null,
  -- behind the payment letter, with the addressee in the window of the envelope
  with_letter boolean not null,
  made_at timestamptz not null,
  made_by text not null,
  state text not null default 'preparing' check (state in ('preparing', 'ready', 'discarded')),
  papers integer not null check (papers >= 1),
  -- how far it is
  printed integer not null default 0,
  left_out integer not null default 0,
  faulty integer not null default 0,
  pages integer not null default 0,
  -- one at a time works on it: who, and until when it may
  claim uuid,
  claimed_until timestamptz,
  attempts integer not null default 0,
  next_attempt_at timestamptz not null,
  problem text not null default '',
  finished_at timestamptz,
  -- the file was removed; the list of papers stays
  removed_at timestamptz,
  primary key (tenant_id, id),
  unique (tenant_id, idempotency_key),
  check (printed + left_out + faulty <= papers)
);
create index print_run_waiting on print_run (tenant_id, made_at) where state = 'preparing';
create index print_run_kept on print_run (tenant_id, made_at) where removed_at is null;

-- One sheet per position: the whole amount and its instalments are on the same notice.
create table print_run_paper (
  tenant_id uuid not null,
  run_id uuid not null,
  -- 1, 2, 3 …: the order in the file
  paper integer not null check (paper >= 1),
  part integer not null check (part >= 1),
  position_id uuid not null,
  -- school and class, or town and street: what the list of the file says
  heading text not null,
  -- left-out: paid or cancelled since; faulty: its data make no notice
  outcome text not null default 'waiting' check (outcome in ('waiting', 'printed', 'left-out', 'faulty')),
  -- in the whole file
  first_page integer,
  primary key (tenant_id, run_id, paper),
  foreign key (tenant_id, run_id) references print_run (tenant_id, id),
  foreign key (tenant_id, position_id) references debt_position (tenant_id, id)
);
create index print_run_paper_by_part on print_run_paper (tenant_id, run_id, part);
create index print_run_paper_by_position on print_run_paper (tenant_id, position_id);

-- A finished part of the file: its bytes, and where its objects are, so that parts can be joined while they are read.
create table print_run_part (
  tenant_id uuid not null,
  run_id uuid not null,
  part integer not null check (part >= 1),
  pages integer not null check (pages >= 0),
  shape jsonb not null,
  length integer not null,
  content bytea not null,
  primary key (tenant_id, run_id, part),
  foreign key (tenant_id, run_id) references print_run (tenant_id, id)
);
-- Drawings are compressed already.
alter table print_run_part alter column content set storage external;

do $$
declare t text;
begin
  foreach t in array array['print_run', 'print_run_paper', 'print_run_part'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format(
      'create policy tenant_isolation on %I using (tenant_id = nullif(current_setting(''app.tenant_id'', true), '''')::uuid)
       with check (tenant_id = nullif(current_setting(''app.tenant_id'', true), '''')::uuid)', t);
    execute format('grant select, insert, update, delete on %I to campanella_app', t);
  end loop;
end $$;
revoke delete on print_run, print_run_paper from campanella_app;
revoke update on print_run_part from campanella_app;
