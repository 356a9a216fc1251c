-- A charge says whether a bill asks for it: only those of a postpaid service do. A prepaid meal lowered its account the
-- day it was posted, and a fixed fee is a receivable of its own: neither belongs on the first bill after a change.
alter table charge add column billable boolean not null default true;

-- Row security would hide every town's rows from the owner too.
alter table charge no force row level security;
alter table service no force row level security;
alter table tenant_setting no force row level security;
update charge c set billable = false
where coalesce((
  select s.value ->> 'model' from tenant_setting s
  join service v on v.tenant_id = s.tenant_id and v.code = s.scope
  where s.tenant_id = c.tenant_id and v.id = c.service_id and s.key = 'payment' and s.valid_from <= c.date
  order by s.valid_from desc limit 1), 'postpaid') <> 'postpaid';
alter table charge force row level security;
alter table service force row level security;
alter table tenant_setting force row level security;

-- The worklist names fees nobody could be asked for, too; closing a day clears the meals only.
alter table unpriced_meal add column kind text not null default 'meal' check (kind in ('meal', 'fixed-fee'));
