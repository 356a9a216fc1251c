-- Personal data that nobody needs any more goes: rows of files that were never applied, traces of old sign-ins.
alter table import_run drop constraint import_run_state_check;
alter table import_run add constraint import_run_state_check check (state in ('planned', 'applied', 'expired'));
grant delete on login_attempt to campanella_app;
