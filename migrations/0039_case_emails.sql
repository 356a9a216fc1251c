-- A family is written to when the office has to look at its payment, and when it has decided; a payment's case is found
-- from its receipt.
alter table email drop constraint email_kind_check;
alter table email add constraint email_kind_check check (kind in ('bill', 'first-notice', 'reminder', 'payment'));
create index payment_case_by_receipt on payment_case (tenant_id, receipt_id);
