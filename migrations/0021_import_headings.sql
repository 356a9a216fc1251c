-- What a school calls its columns, said once by the office, and the ways an import can wait or be overtaken.
create table import_heading (
  tenant_id uuid not null,
  id uuid not null,
  -- null: files that name the school in a column of their own
  site_id uuid,
  sheet text not null check (sheet in ('pupils', 'guardians')),
  -- the heading without case, accents and punctuation
  heading_key text not null,
  heading text not null,
  -- null: a column to leave alone, whatever its name
  column_name text,
  recorded_at timestamptz not null,
  recorded_by text not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, site_id) references school_site (tenant_id, id)
);
create unique index import_heading_once on import_heading
  (tenant_id, coalesce(site_id, '00000000-0000-0000-0000-000000000000'), sheet, heading_key);
alter table import_heading enable row level security;
alter table import_heading force row level security;
create policy tenant_isolation on import_heading
  using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select, insert, update, delete on import_heading to campanella_app;

-- unmapped: its columns wait for the office; replaced: compared again, `replaced_by` is the newer difference
alter table import_run drop constraint import_run_state_check;
alter table import_run add constraint import_run_state_check
  check (state in ('unmapped', 'planned', 'applied', 'expired', 'replaced'));
alter table import_run add column replaced_by uuid;

-- PE-05, BO-25: what a family cannot change by itself (name, codice fiscale, class) it asks the office to correct.
create table correction_request (
  tenant_id uuid not null,
  id uuid not null,
  -- whose data
  person_id uuid not null,
  asked_by_person_id uuid not null,
  asked_by text not null,
  asked_at timestamptz not null,
  topic text not null check (topic in ('name', 'codice-fiscale', 'birth', 'school', 'other')),
  request text not null,
  answered_at timestamptz,
  answered_by text,
  corrected boolean,
  answer text not null default '',
  primary key (tenant_id, id),
  foreign key (tenant_id, person_id) references person (tenant_id, id),
  foreign key (tenant_id, asked_by_person_id) references person (tenant_id, id)
);
create index correction_request_by_person on correction_request (tenant_id, person_id, asked_at);
create index correction_request_open on correction_request (tenant_id, asked_at) where answered_at is null;
alter table correction_request enable row level security;
alter table correction_request force row level security;
create policy tenant_isolation on correction_request
  using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select, insert, update, delete on correction_request to campanella_app;
