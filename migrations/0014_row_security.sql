-- Row security on every tenant table, append-only by grants. Kept last: a new table repeats these lines in its own file.
do $$
declare t text;
begin
  for t in select table_name from information_schema.columns
           where table_schema = 'public' and column_name = 'tenant_id' loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format(
      'create policy tenant_isolation on %I using (tenant_id = nullif(current_setting(''app.tenant_id'', true), '''')::uuid)
       with check (tenant_id = nullif(current_setting(''app.tenant_id'', true), '''')::uuid)', t);
    execute format('grant select, insert, update, delete on %I to campanella_app', t);
  end loop;
end $$;

revoke update, delete on audit_entry, person_change, receipt, attendance_mark, roll_call, ledger_transfer,
  ledger_account, charge, bill_line, price_decision, tariff_version, login_attempt from campanella_app;
revoke delete on bill, person, account_holder, dispute from campanella_app;
