-- calendar: school years, sites, classes, services, when a service runs. Weekday masks: bit 0 = Monday.
create table school_year (
  tenant_id uuid not null,
  year integer not null,
  starts_on date not null,
  ends_on date not null check (ends_on > starts_on),
  primary key (tenant_id, year)
);

create table school_site (
  tenant_id uuid not null,
  id uuid not null,
  ministry_code text,
  name text not null,
  level text not null check (level in ('nido', 'infanzia', 'primaria', 'secondaria1', 'secondaria2')),
  address text not null default '',
  assumed_reason text,
  closed_on date,
  primary key (tenant_id, id),
  unique (tenant_id, ministry_code)
);

create table school_class (
  tenant_id uuid not null,
  id uuid not null,
  site_id uuid not null,
  year integer not null,
  grade smallint not null check (grade between 0 and 5),
  section text not null,
  primary key (tenant_id, id),
  unique (tenant_id, site_id, year, grade, section),
  foreign key (tenant_id, site_id) references school_site (tenant_id, id),
  foreign key (tenant_id, year) references school_year (tenant_id, year)
);

create table service (
  tenant_id uuid not null,
  id uuid not null,
  code text not null check (code ~ '^[a-z0-9-]{2,30}$'),
  kind text not null check (kind in ('canteen', 'transport', 'creche', 'pre-post-school')),
  name text not null,
  position smallint not null default 0,
  creditor_id uuid,
  primary key (tenant_id, id),
  unique (tenant_id, code)
);

create table service_period (
  tenant_id uuid not null,
  id uuid not null,
  service_id uuid not null,
  year integer not null,
  level text,
  site_id uuid,
  starts_on date not null,
  ends_on date not null check (ends_on >= starts_on),
  weekdays smallint not null default 31 check (weekdays between 0 and 127),
  primary key (tenant_id, id),
  foreign key (tenant_id, service_id) references service (tenant_id, id),
  foreign key (tenant_id, year) references school_year (tenant_id, year),
  foreign key (tenant_id, site_id) references school_site (tenant_id, id)
);
create index service_period_by_service on service_period (tenant_id, service_id, year);

-- Rientri: the weekdays on which a class stays, dated, with optional A/B weeks.
create table class_session (
  tenant_id uuid not null,
  id uuid not null,
  service_id uuid not null,
  class_id uuid not null,
  weekdays smallint not null check (weekdays between 0 and 127),
  weekdays_b smallint check (weekdays_b between 0 and 127),
  week_a_monday date,
  from_date date not null,
  to_date date,
  primary key (tenant_id, id),
  foreign key (tenant_id, service_id) references service (tenant_id, id),
  foreign key (tenant_id, class_id) references school_class (tenant_id, id),
  check ((weekdays_b is null) = (week_a_monday is null))
);
create index class_session_by_class on class_session (tenant_id, class_id, service_id);

create table closure (
  tenant_id uuid not null,
  id uuid not null,
  service_id uuid,
  site_id uuid,
  class_id uuid,
  from_date date not null,
  to_date date not null check (to_date >= from_date),
  reason text not null
    check (reason in ('holiday', 'patron', 'school-break', 'polling-station', 'weather', 'strike', 'trip', 'other')),
  note text not null default '',
  created_at timestamptz not null,
  created_by text not null,
  cancelled_at timestamptz,
  cancelled_by text,
  primary key (tenant_id, id),
  foreign key (tenant_id, service_id) references service (tenant_id, id),
  foreign key (tenant_id, site_id) references school_site (tenant_id, id),
  foreign key (tenant_id, class_id) references school_class (tenant_id, id)
);
create index closure_by_date on closure (tenant_id, from_date, to_date);
