-- What pagoPA keeps of our notices: ACA beside a synchronous station, GPD instead of one. Design: docs/adr/0020.

-- Which version of GPD's interface an asynchronous station's positions go to.
alter table platform.pagopa_station add column gpd_version text not null default 'v1'
  check (gpd_version in ('v1', 'v3'));

-- One row per notice, written with it: what pagoPA should know is read from the notice when it is told.
create table remote_position (
  tenant_id uuid not null,
  notice_id uuid not null,
  position_id uuid not null,
  -- chosen when the notice was issued: a town that changes its mode finishes the old notices where they are
  channel text not null check (channel in ('aca', 'gpd-v1', 'gpd-v3')),
  -- counts the changes of the notice; known: the last one pagoPA has confirmed
  wanted integer not null default 1 check (wanted >= 1),
  known integer not null default 0 check (known <= wanted),
  -- unsure: it was sent, and nobody knows whether it arrived
  told text not null default 'nothing' check (told in ('nothing', 'unsure', 'open', 'closed')),
  -- the state in pagoPA's own word, where it has one (GPD)
  remote_state text not null default '',
  -- one sender at a time: who has it, and until when it may
  claim uuid,
  claimed_until timestamptz,
  attempts integer not null default 0,
  next_attempt_at timestamptz not null,
  problem text not null default '',
  told_at timestamptz,
  primary key (tenant_id, notice_id),
  foreign key (tenant_id, notice_id) references payment_notice (tenant_id, id),
  foreign key (tenant_id, position_id) references debt_position (tenant_id, id)
);
create index remote_position_due on remote_position (tenant_id, next_attempt_at) where wanted > known;
create index remote_position_by_position on remote_position (tenant_id, position_id);

alter table remote_position enable row level security;
alter table remote_position force row level security;
create policy tenant_isolation on remote_position
  using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select, insert, update, delete on remote_position to campanella_app;
revoke delete on remote_position from campanella_app;
