-- No security event goes before its time, whoever asks: bound to its own id (UUID version 7: the system's time at its
-- writing), which nobody changes. Row security is forced, so this holds for the tables' owner, too. Design: docs/adr/0024.
drop policy rows_go_under_a_seal on security_event;
create policy rows_go_under_a_seal on security_event as restrictive for delete using (
  -- house-allow sql-clock: who asks must not name the time
  id < (lpad(to_hex((extract(epoch from now() - interval '180 days') * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid
  and exists (
    select 1 from log_seal s
    where s.tenant_id = security_event.tenant_id and s.log = 'security_event' and s.rows_gone_at is not null
      and (s.after_id is null or security_event.id > s.after_id) and security_event.id <= s.last_id));
create policy rows_stay_as_written on security_event as restrictive for update using (false);

-- A seal says so when its rows go, not ahead of it (a day: two clocks).
drop policy rows_go_once on log_seal;
create policy rows_go_once on log_seal as restrictive for update
  -- house-allow sql-clock: as above
  using (rows_gone_at is null) with check (rows_gone_at <= now() + interval '1 day');
