-- A family applies on line for the services of a school year (OS-02, OS-03). Who applies is what a provider, or this
-- town's own registry, vouches for; everything else is what the form said until the office decides.
create table enrolment_application (
  tenant_id uuid not null,
  id uuid not null,
  year integer not null,
  -- 1, 2, … in its year
  number integer not null check (number > 0),
  -- 'cf:' or 'eidas:' of who applied, as a provider said it; 'person:' of who came in by the town's credentials
  subject text not null,
  -- of who was of a family here already
  person_id uuid,
  applicant jsonb not null,
  -- a child of this family, or null for one that is new here
  child_id uuid,
  child jsonb not null,
  -- codes of services
  services text[] not null check (cardinality(services) > 0),
  note text not null default '',
  sent_at timestamptz not null,
  -- what the form was sent with: twice is once
  request_key text not null,
  withdrawn_at timestamptz,
  answered_at timestamptz,
  answered_by text,
  is_accepted boolean,
  answer text not null default '',
  primary key (tenant_id, id),
  unique (tenant_id, year, number),
  unique (tenant_id, subject, request_key),
  foreign key (tenant_id, person_id) references person (tenant_id, id),
  foreign key (tenant_id, child_id) references person (tenant_id, id),
  check ((answered_at is null) = (answered_by is null) and (answered_at is null) = (is_accepted is null)),
  check (answered_at is null or withdrawn_at is null)
);
create index enrolment_application_by_subject on enrolment_application (tenant_id, subject, sent_at);
create index enrolment_application_open on enrolment_application (tenant_id, sent_at)
  where answered_at is null and withdrawn_at is null;

alter table enrolment_application enable row level security;
alter table enrolment_application force row level security;
create policy tenant_isolation on enrolment_application
  using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select, insert, delete on enrolment_application to campanella_app;
grant update (withdrawn_at, answered_at, answered_by, is_accepted, answer, child_id) on enrolment_application to campanella_app;

-- The answer goes to the address that was given, also where it is of no family.
alter table email drop constraint email_kind_check;
alter table email add constraint email_kind_check check (kind in
  ('bill', 'first-notice', 'reminder', 'payment', 'credentials', 'recovery', 'staff-code', 'link-answer',
   'application-answer'));
alter table email drop constraint email_of_somebody;
alter table email add constraint email_of_somebody
  check ((holder_id is null) = (kind in ('staff-code', 'link-answer', 'application-answer'))
    and (person_id is null) = (holder_id is null));
