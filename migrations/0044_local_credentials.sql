-- Codes by e-mail, and sign-in attempts that are counted before the password is looked at. Design: docs/adr/0024.

-- `credentials`, `recovery`: the body holds a code until it has left, so it is sealed under the installation's key.
alter table email drop constraint email_kind_check;
alter table email add constraint email_kind_check
  check (kind in ('bill', 'first-notice', 'reminder', 'payment', 'credentials', 'recovery'));

-- An attempt is written first and said to be right afterwards: many at once are counted all the same.
grant update (succeeded) on login_attempt to campanella_app;
create index login_attempt_by_origin on login_attempt (tenant_id, origin_hash, at) where not succeeded;

-- One at a time works on a run: who, and until when it may.
alter table letter_run add column claim uuid;
alter table letter_run add column claimed_until timestamptz;
-- Where a part's objects stand in the whole file; `null`: it is a file by itself. Says nothing about anybody.
alter table letter_run_file add column shape jsonb;
alter table letter_run_file add column pages integer not null default 1;
alter table letter_run_file add column length integer not null default 0;
-- A run works on its oldest waiting letters; what was printed for one family and when.
create index letter_run_waiting on letter_run (tenant_id, made_at) where state = 'preparing';
create index letter_run_kept on letter_run (tenant_id, finished_at) where state = 'ready';
create index letter_run_item_by_holder on letter_run_item (tenant_id, holder_id);
