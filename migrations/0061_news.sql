-- What the municipality, or its catering company, tells everybody (PE-08, BO-21). Of nobody in particular: no names.
create table news (
  tenant_id uuid not null,
  id uuid not null,
  author text not null check (author in ('municipality', 'caterer')),
  title text not null check (length(title) between 3 and 120),
  body text not null check (length(body) between 3 and 4000),
  published_at timestamptz not null,
  published_by text not null,
  account_id uuid not null,
  -- the last day it is shown; null: until somebody takes it back
  shown_until date,
  withdrawn_at timestamptz,
  withdrawn_by text,
  primary key (tenant_id, id),
  foreign key (tenant_id, account_id) references account (tenant_id, id),
  check ((withdrawn_at is null) = (withdrawn_by is null))
);
create index news_by_time on news (tenant_id, published_at desc, id);

alter table news enable row level security;
alter table news force row level security;
create policy tenant_isolation on news
  using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select, insert on news to campanella_app;
grant update (shown_until, withdrawn_at, withdrawn_by) on news to campanella_app;
