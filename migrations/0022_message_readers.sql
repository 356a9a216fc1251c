-- A message knows whom it is about, in which languages it can be read, and whether one adult alone reads it.
-- child_ids: the children its text names; empty = it names none. A guardian of some of them reads another message.
alter table message add column child_ids uuid[] not null default '{}';
-- null: every adult who may see the account; otherwise a guardian who has no account of his or her own
alter table message add column person_id uuid;
-- {"en": {"subject": …, "body": …}}; subject and body are the Italian text
alter table message add column translations jsonb not null default '{}';

-- What the office decided; null: answered before this was asked.
alter table dispute add column decision text check (decision in ('accepted', 'refused'));
