-- Corrections of what was issued: a bill that is cancelled and drawn anew, a file for the bank that is discarded, and
-- whose treasury a movement of the bank came into.

-- A cancelled bill keeps its lines to be read; released, they may stand on another bill. A charge is on one at most.
alter table bill add column cancelled_at timestamptz;
alter table bill add column cancelled_by text;
alter table bill add column cancel_reason text not null default '';
-- null though cancelled: what was left of it is carried forward
alter table bill add column replaced_by_id uuid;
alter table bill add constraint bill_cancelled_by_whom
  check ((state = 'cancelled') = (cancelled_at is not null and cancelled_by is not null));
alter table bill_line add column released boolean not null default false;
alter table bill_line drop constraint bill_line_pkey, add primary key (tenant_id, bill_id, charge_id);
create unique index bill_line_by_charge on bill_line (tenant_id, charge_id) where not released;
drop index bill_line_by_bill;
grant update (released) on bill_line to campanella_app;

-- A file that never went to the bank; its refunds wait for the next one.
alter table refund_batch add column discarded_at timestamptz;
alter table refund_batch add column discarded_by text;
alter table refund_batch add column discard_reason text not null default '';
alter table refund_batch add constraint refund_batch_sent_or_discarded check (sent_at is null or discarded_at is null);

-- A town may have two creditor institutions, each with a treasury whose journal counts for itself. Whose it was stands
-- in the file that brought the movement.
alter table bank_movement no force row level security;
alter table settlement_upload no force row level security;
alter table bank_movement add column creditor_fiscal_code text;
update bank_movement m set creditor_fiscal_code = u.content ->> 'fiscalCode'
  from settlement_upload u where u.tenant_id = m.tenant_id and u.id = m.upload_id;
alter table bank_movement alter column creditor_fiscal_code set not null;
alter table bank_movement add constraint bank_movement_of_creditor
  unique (tenant_id, creditor_fiscal_code, movement_key);
alter table bank_movement drop constraint bank_movement_tenant_id_movement_key_key;
alter table bank_movement force row level security;
alter table settlement_upload force row level security;
