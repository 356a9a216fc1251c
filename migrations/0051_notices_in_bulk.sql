-- Notices by the thousand, and whose they are: single PDFs beside the print file, positions handed to GPD by file, the
-- town's logo on paper. Design: docs/adr/0020.

-- Each notice as a PDF of its own too, in one archive; chosen when the run begins.
alter table print_run add column with_singles boolean not null default false;
-- The part's PDFs as a piece of that archive, and what its table of contents says of them.
alter table print_run_part add column singles bytea;
alter table print_run_part add column entries jsonb not null default '[]';
alter table print_run_part add constraint print_run_part_singles
  check ((singles is null) = (entries = '[]'::jsonb));
-- Drawings are compressed already.
alter table print_run_part alter column singles set storage external;

-- A file of positions that GPD took and works through: its report says what became of each.
create table remote_upload (
  tenant_id uuid not null,
  -- the claim that holds the file's positions until its report is read, or until it runs out
  claim uuid not null,
  creditor_fiscal_code text not null check (creditor_fiscal_code ~ '^\d{11}$'),
  broker_code text not null,
  -- pagoPA's key of the file
  file_id text not null,
  -- by GPD's key of the position: what pagoPA will know of its notices if it takes it
  positions jsonb not null,
  sent_at timestamptz not null,
  next_look_at timestamptz not null,
  -- later than this the claim is over: its positions go one by one
  look_until timestamptz not null,
  primary key (tenant_id, file_id)
);
create index remote_upload_due on remote_upload (tenant_id, next_look_at);

-- Printed on notices and letters; one per town.
create table town_logo (
  tenant_id uuid primary key,
  -- without whatever else the file carried
  png bytea not null,
  stored_at timestamptz not null,
  stored_by text not null
);
alter table town_logo alter column png set storage external;

do $$
declare t text;
begin
  foreach t in array array['remote_upload', 'town_logo'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format(
      'create policy tenant_isolation on %I using (tenant_id = nullif(current_setting(''app.tenant_id'', true), '''')::uuid)
       with check (tenant_id = nullif(current_setting(''app.tenant_id'', true), '''')::uuid)', t);
    execute format('grant select, insert, update, delete on %I to campanella_app', t);
  end loop;
end $$;
