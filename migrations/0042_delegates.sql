-- Adults who may act for a holder (BO-23), known by codice fiscale alone; and accounts for one child only (PE-04).
create table delegate (
  tenant_id uuid not null,
  id uuid not null,
  holder_id uuid not null,
  codice_fiscale text not null,
  given_name text not null,
  surname text not null,
  -- view, absences, payments; all of them is the rule
  scopes jsonb not null,
  from_date date not null,
  to_date date,
  added_at timestamptz not null,
  added_by text not null,
  -- ended by the holder or the office; what was done by the delegate stays
  ended_at timestamptz,
  ended_by text,
  primary key (tenant_id, id),
  foreign key (tenant_id, holder_id) references account_holder (tenant_id, id)
);
create unique index delegate_once on delegate (tenant_id, holder_id, codice_fiscale) where ended_at is null;
create index delegate_by_codice_fiscale on delegate (tenant_id, codice_fiscale) where ended_at is null;

alter table person_account add column child_id uuid;
alter table person_account add foreign key (tenant_id, child_id) references person (tenant_id, id);

alter table delegate enable row level security;
alter table delegate force row level security;
create policy tenant_isolation on delegate using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select, insert, update on delegate to campanella_app;
