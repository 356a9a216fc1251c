-- X-03: on a bad day the office says "everybody who is there eats"; what is owed is put right afterwards.
create table serve_everyone (
  tenant_id uuid not null,
  date date not null,
  turned_on_at timestamptz not null,
  turned_on_by text not null,
  turned_off_at timestamptz,
  turned_off_by text,
  primary key (tenant_id, date)
);
alter table serve_everyone enable row level security;
alter table serve_everyone force row level security;
create policy tenant_isolation on serve_everyone
  using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select, insert, update, delete on serve_everyone to campanella_app;
