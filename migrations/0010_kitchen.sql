-- kitchen: the order as it was frozen; meals of the staff. Differences are computed, not stored.
create table frozen_order (
  tenant_id uuid not null,
  service_id uuid not null,
  site_id uuid not null,
  date date not null,
  frozen_at timestamptz not null,
  frozen_by text not null,
  primary key (tenant_id, service_id, site_id, date)
);

create table frozen_order_line (
  tenant_id uuid not null,
  service_id uuid not null,
  site_id uuid not null,
  date date not null,
  line_key text not null,
  class_id uuid,
  meal text not null check (meal in ('normal', 'plain', 'staff')),
  diet_code text not null default '',
  meals integer not null check (meals > 0),
  primary key (tenant_id, service_id, site_id, date, line_key),
  foreign key (tenant_id, service_id, site_id, date) references frozen_order (tenant_id, service_id, site_id, date)
);

create table difference_acknowledgement (
  tenant_id uuid not null,
  id uuid not null,
  service_id uuid not null,
  date date not null,
  digest text not null,
  acknowledged_by text not null,
  acknowledged_at timestamptz not null,
  primary key (tenant_id, id)
);
create index difference_acknowledgement_by_day on difference_acknowledgement (tenant_id, service_id, date);

create table staff_meal_pattern (
  tenant_id uuid not null,
  id uuid not null,
  service_id uuid not null,
  site_id uuid not null,
  weekdays smallint not null,
  meals integer not null check (meals >= 0),
  from_date date not null,
  to_date date,
  primary key (tenant_id, id)
);

create table staff_meal (
  tenant_id uuid not null,
  service_id uuid not null,
  site_id uuid not null,
  date date not null,
  meals integer not null check (meals >= 0),
  recorded_by text not null,
  recorded_at timestamptz not null,
  primary key (tenant_id, service_id, site_id, date)
);
