-- payments: the key under which a flow stands in the ledger, payments that were revoked, metadata of transfers, and the
-- indexes of a town with years of payments. Design: docs/adr/0022.

-- Keys of before named no creditor: what stands keeps its key, what is posted from now on has the creditor in it.
alter table settlement_flow no force row level security;
alter table settlement_flow add column posting_key text not null default '';
update settlement_flow set posting_key = 'settlement:' || sender_id || ':' || flow_code
    || case when postings > 1 then ':' || postings else '' end
  where posted_cents <> 0;
alter table settlement_flow force row level security;
