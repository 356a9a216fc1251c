-- Whoever a password, a passkey or a second factor belongs to is told that it changed (ASVS 2.2.3): a family at its
-- account holder's address, somebody at work at the account's own (then it is of nobody).
alter table email drop constraint email_kind_check;
alter table email add constraint email_kind_check check (kind in
  ('bill', 'first-notice', 'reminder', 'payment', 'credentials', 'recovery', 'staff-code', 'link-answer',
   'application-answer', 'access-changed'));
alter table email drop constraint email_of_somebody;
alter table email add constraint email_of_somebody
  check ((person_id is null) = (holder_id is null)
    and (kind = 'access-changed'
      or (holder_id is null) = (kind in ('staff-code', 'link-answer', 'application-answer'))));
