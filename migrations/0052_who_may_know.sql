-- Who may know and change what concerns others (domain.md "Who may do what"): the office's diet role, and the
-- contacts that the office keeps from the child's other adults.
alter table role_grant drop constraint role_grant_role_check;
alter table role_grant add constraint role_grant_role_check
  check (role in ('guardian', 'delegate', 'school', 'kitchen', 'office', 'office-diet', 'office-manager',
    'administrator'));

-- A protected person's contacts are shown to that person and to the office, to nobody else of the family.
alter table person add column contacts_protected boolean not null default false;
