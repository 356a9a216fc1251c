-- Security events go when the town's retention is over, seal by seal and the oldest first. A seal stays, so that the chain
-- can be verified from its first link: digest and head need no rows. Design: docs/adr/0024.
alter table log_seal add column rows_gone_at timestamptz;
-- Nobody forgets what is younger, whatever a setting says.
alter table log_seal add constraint log_seal_rows_kept
  check (rows_gone_at is null or (log = 'security_event' and rows_gone_at >= sealed_at + interval '180 days'));

-- A seal says once that its rows are gone; nothing else of it changes.
grant update (rows_gone_at) on log_seal to campanella_app;
create policy rows_go_once on log_seal as restrictive for update
  using (rows_gone_at is null) with check (true);

-- Rows go under such a seal only.
grant delete on security_event to campanella_app;
create policy rows_go_under_a_seal on security_event as restrictive for delete using (exists (
  select 1 from log_seal s
  where s.tenant_id = security_event.tenant_id and s.log = 'security_event' and s.rows_gone_at is not null
    and (s.after_id is null or security_event.id > s.after_id) and security_event.id <= s.last_id));
