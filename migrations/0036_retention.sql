-- Personal data that has served its purpose: raw receipts and the text of sent e-mails are emptied by the tick, batch by
-- batch (setting `retention`). What proves a payment stays in payment_receipt and the ledger.
create index pagopa_inbox_with_raw on platform.pagopa_inbox (tenant_id, processed_at)
  where state = 'applied' and raw <> '';
create index pagopa_inbox_of_others on platform.pagopa_inbox (received_at) where state = 'not-ours' and raw <> '';
create index email_with_text on email (tenant_id, done_at) where state in ('sent', 'withdrawn') and body <> '';
