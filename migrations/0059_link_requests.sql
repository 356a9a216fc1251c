-- Somebody verified whom nobody here knows asks the office to be tied to a family. One open request per identity and town.
-- Who was tied before is no stranger.
alter table identity_to_link no force row level security;
alter table account_identity no force row level security;
delete from identity_to_link l using account_identity i where i.tenant_id = l.tenant_id and i.subject = l.subject;
alter table identity_to_link add column id uuid;
update identity_to_link set id = md5(tenant_id::text || subject)::uuid;
alter table identity_to_link force row level security;
alter table account_identity force row level security;
alter table identity_to_link alter column id set not null;
alter table identity_to_link add constraint identity_to_link_id unique (tenant_id, id);
-- whose parent, and where an answer reaches them, as the form gave it; null where a foreign identity was only seen
alter table identity_to_link add column asked jsonb;
alter table identity_to_link add column asked_at timestamptz;
alter table identity_to_link add column answered_at timestamptz;
alter table identity_to_link add column answered_by text;
alter table identity_to_link add column is_linked boolean;
alter table identity_to_link add column answer text not null default '';
alter table identity_to_link add constraint identity_to_link_asked check ((asked is null) = (asked_at is null));
alter table identity_to_link add constraint identity_to_link_answered
  check ((answered_at is null) = (answered_by is null) and (answered_at is null) = (is_linked is null));
alter table identity_to_link drop column dismissed_at;

-- The answer, to the address that was given: of no family yet.
alter table email drop constraint email_kind_check;
alter table email add constraint email_kind_check check (kind in
  ('bill', 'first-notice', 'reminder', 'payment', 'credentials', 'recovery', 'staff-code', 'link-answer'));
alter table email drop constraint email_of_somebody;
alter table email add constraint email_of_somebody
  check ((holder_id is null) = (kind in ('staff-code', 'link-answer')) and (person_id is null) = (holder_id is null));
