-- families: people, who is responsible for whom, who holds the account. Everything that can change is dated.
create table person (
  tenant_id uuid not null,
  id uuid not null,
  kind text not null check (kind in ('adult', 'child')),
  surname text not null,
  given_name text not null,
  sex text check (sex in ('F', 'M')),
  birth_date date,
  birth_place_code text,
  birth_place text not null default '',
  codice_fiscale text,
  codice_fiscale_state text not null
    check (codice_fiscale_state in ('valid', 'mismatch', 'provisional', 'missing')),
  email text not null default '',
  phone text not null default '',
  address text not null default '',
  postal_code text not null default '',
  city text not null default '',
  -- lower case, no accents, words separated by one space: what the office search reads
  search text not null,
  created_at timestamptz not null,
  primary key (tenant_id, id)
);
create unique index person_codice_fiscale on person (tenant_id, codice_fiscale) where codice_fiscale is not null;
create index person_by_kind on person (tenant_id, kind, surname, given_name);

create table person_change (
  tenant_id uuid not null,
  id uuid not null,
  person_id uuid not null,
  field text not null,
  old_value text,
  new_value text,
  changed_at timestamptz not null,
  changed_by text not null,
  reason text not null default '',
  primary key (tenant_id, id),
  foreign key (tenant_id, person_id) references person (tenant_id, id)
);
create index person_change_by_person on person_change (tenant_id, person_id, changed_at);

create table residency (
  tenant_id uuid not null,
  id uuid not null,
  person_id uuid not null,
  resident boolean not null,
  from_date date not null,
  to_date date,
  primary key (tenant_id, id),
  foreign key (tenant_id, person_id) references person (tenant_id, id)
);
create index residency_by_person on residency (tenant_id, person_id, from_date);

create table account_holder (
  tenant_id uuid not null,
  id uuid not null,
  person_id uuid not null,
  payment_code text not null,
  from_date date not null,
  to_date date,
  primary key (tenant_id, id),
  unique (tenant_id, payment_code),
  foreign key (tenant_id, person_id) references person (tenant_id, id)
);
create index account_holder_by_person on account_holder (tenant_id, person_id);

create table child_holder (
  tenant_id uuid not null,
  id uuid not null,
  child_id uuid not null,
  holder_id uuid not null,
  from_date date not null,
  to_date date,
  primary key (tenant_id, id),
  foreign key (tenant_id, child_id) references person (tenant_id, id),
  foreign key (tenant_id, holder_id) references account_holder (tenant_id, id)
);
create index child_holder_by_child on child_holder (tenant_id, child_id, from_date);
create index child_holder_by_holder on child_holder (tenant_id, holder_id, from_date);

create table guardianship (
  tenant_id uuid not null,
  id uuid not null,
  child_id uuid not null,
  guardian_id uuid not null,
  role text not null,
  from_date date not null,
  to_date date,
  primary key (tenant_id, id),
  foreign key (tenant_id, child_id) references person (tenant_id, id),
  foreign key (tenant_id, guardian_id) references person (tenant_id, id)
);
create index guardianship_by_child on guardianship (tenant_id, child_id);
create index guardianship_by_guardian on guardianship (tenant_id, guardian_id);

create table person_account (
  tenant_id uuid not null,
  account_id uuid not null,
  person_id uuid not null,
  primary key (tenant_id, account_id),
  foreign key (tenant_id, account_id) references account (tenant_id, id),
  foreign key (tenant_id, person_id) references person (tenant_id, id)
);
create index person_account_by_person on person_account (tenant_id, person_id);
