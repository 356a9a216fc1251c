-- Codes of single children (PE-04) that their parent joined (OS-08): each opens the children of all in its group.
create table joined_access (
  tenant_id uuid not null,
  account_id uuid not null,
  group_id uuid not null,
  -- the password that proved it is the one of then: with another one this code's part is over
  password_changed_at timestamptz,
  joined_at timestamptz not null,
  primary key (tenant_id, account_id),
  foreign key (tenant_id, account_id) references person_account (tenant_id, account_id)
);
create index joined_access_by_group on joined_access (tenant_id, group_id);

alter table joined_access enable row level security;
alter table joined_access force row level security;
create policy tenant_isolation on joined_access
  using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select, insert, update, delete on joined_access to campanella_app;
