-- enrolment: which class, which services, which diet code, who pays which part. All dated.
create table class_membership (
  tenant_id uuid not null,
  id uuid not null,
  child_id uuid not null,
  class_id uuid not null,
  from_date date not null,
  to_date date,
  primary key (tenant_id, id),
  foreign key (tenant_id, child_id) references person (tenant_id, id),
  foreign key (tenant_id, class_id) references school_class (tenant_id, id)
);
create index class_membership_by_child on class_membership (tenant_id, child_id, from_date);
create index class_membership_by_class on class_membership (tenant_id, class_id, from_date);

create table enrolment (
  tenant_id uuid not null,
  id uuid not null,
  child_id uuid not null,
  service_id uuid not null,
  year integer not null,
  from_date date not null,
  to_date date,
  -- null: the class's rientri decide; otherwise the child's own weekdays
  weekdays smallint check (weekdays between 0 and 127),
  created_at timestamptz not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, child_id) references person (tenant_id, id),
  foreign key (tenant_id, service_id) references service (tenant_id, id)
);
create index enrolment_by_child on enrolment (tenant_id, child_id, service_id, from_date);
create index enrolment_by_service on enrolment (tenant_id, service_id, year);

-- A code the kitchen knows ("D-07"); no diagnosis is stored (X-14).
create table diet_assignment (
  tenant_id uuid not null,
  id uuid not null,
  child_id uuid not null,
  code text not null,
  from_date date not null,
  to_date date,
  source text not null check (source in ('office', 'import')),
  created_at timestamptz not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, child_id) references person (tenant_id, id)
);
create index diet_assignment_by_child on diet_assignment (tenant_id, child_id, from_date);

create table payer_share (
  tenant_id uuid not null,
  id uuid not null,
  child_id uuid not null,
  service_id uuid,
  holder_id uuid not null,
  basis_points integer not null check (basis_points between 1 and 10000),
  from_date date not null,
  to_date date,
  primary key (tenant_id, id),
  foreign key (tenant_id, child_id) references person (tenant_id, id),
  foreign key (tenant_id, service_id) references service (tenant_id, id),
  foreign key (tenant_id, holder_id) references account_holder (tenant_id, id)
);
create index payer_share_by_child on payer_share (tenant_id, child_id, from_date);

create table import_run (
  tenant_id uuid not null,
  id uuid not null,
  kind text not null check (kind in ('schools', 'pupils')),
  file_name text not null,
  sha256 text not null,
  site_id uuid,
  effective_on date not null,
  state text not null check (state in ('planned', 'applied')),
  plan jsonb not null,
  created_at timestamptz not null,
  created_by text not null,
  applied_at timestamptz,
  applied_by text,
  primary key (tenant_id, id)
);
