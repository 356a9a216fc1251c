-- Drivers and the catering company are at work for the town too (domain.md "Who may do what").
alter table role_grant drop constraint role_grant_role_check;
alter table role_grant add constraint role_grant_role_check
  check (role in ('guardian', 'delegate', 'school', 'kitchen', 'driver', 'caterer', 'office', 'office-diet',
    'office-manager', 'administrator'));

-- A line of the school bus outlives the year, as its service does (ADR 3).
create table bus_line (
  tenant_id uuid not null,
  id uuid not null,
  service_id uuid not null,
  name text not null check (name <> ''),
  -- the last day it ran; null: it runs
  ended_on date,
  primary key (tenant_id, id),
  foreign key (tenant_id, service_id) references service (tenant_id, id)
);
create unique index bus_line_by_name on bus_line (tenant_id, service_id, lower(name)) where ended_on is null;

create table bus_stop (
  tenant_id uuid not null,
  id uuid not null,
  line_id uuid not null,
  name text not null check (name <> ''),
  -- local times, which are also the order of the stops: going to school, and back home; null: not on that way
  outward_at time,
  return_at time,
  -- the last day it was served; null: it is
  ended_on date,
  primary key (tenant_id, id),
  foreign key (tenant_id, line_id) references bus_line (tenant_id, id),
  check (outward_at is not null or return_at is not null)
);
create index bus_stop_by_line on bus_stop (tenant_id, line_id);

-- Where a child gets on and off, from a day to a day; the two ways may be on different lines.
create table bus_seat (
  tenant_id uuid not null,
  id uuid not null,
  child_id uuid not null,
  service_id uuid not null,
  outward_stop_id uuid,
  return_stop_id uuid,
  from_date date not null,
  to_date date,
  created_at timestamptz not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, child_id) references person (tenant_id, id),
  foreign key (tenant_id, service_id) references service (tenant_id, id),
  foreign key (tenant_id, outward_stop_id) references bus_stop (tenant_id, id),
  foreign key (tenant_id, return_stop_id) references bus_stop (tenant_id, id),
  check (outward_stop_id is not null or return_stop_id is not null),
  check (to_date is null or to_date >= from_date)
);
create index bus_seat_by_child on bus_seat (tenant_id, child_id, service_id, from_date);
create index bus_seat_by_outward on bus_seat (tenant_id, outward_stop_id) where outward_stop_id is not null;
create index bus_seat_by_return on bus_seat (tenant_id, return_stop_id) where return_stop_id is not null;

alter table role_grant add column line_id uuid;
alter table role_grant add constraint role_grant_line_of_driver check (line_id is null or role = 'driver');
alter table role_grant add constraint role_grant_line foreign key (tenant_id, line_id)
  references bus_line (tenant_id, id);

do $$
declare t text;
begin
  foreach t in array array['bus_line', 'bus_stop', 'bus_seat'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format(
      'create policy tenant_isolation on %I using (tenant_id = nullif(current_setting(''app.tenant_id'', true), '''')::uuid)
       with check (tenant_id = nullif(current_setting(''app.tenant_id'', true), '''')::uuid)', t);
    execute format('grant select, insert, update, delete on %I to campanella_app', t);
  end loop;
end $$;
revoke delete on bus_line, bus_stop from campanella_app;
