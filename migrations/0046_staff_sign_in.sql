-- Staff: the municipality's own provider, who of its people was turned away, codes by e-mail. Design: docs/adr/0024.

-- A second factor may follow the municipality's own provider too; the session then says by which of them.
alter table half_sign_in add column means text not null default 'password' check (means in ('password', 'oidc'));
alter table half_sign_in add column provider text;

-- Tied by its e-mail address, and turned away by the administrator: it opens nothing, and is not tied anew.
alter table account_identity add column refused_at timestamptz;
alter table account_identity add column refused_by text;
alter table account_identity add check ((refused_at is null) = (refused_by is null));

-- A town that does without the office's second factor says why. The last one counts while it has not ended.
create table second_factor_waiver (
  tenant_id uuid not null,
  id uuid not null,
  reason text not null check (length(reason) >= 10),
  began_at timestamptz not null,
  began_by text not null,
  ended_at timestamptz,
  ended_by text,
  primary key (tenant_id, id)
);
create unique index second_factor_waiver_now on second_factor_waiver (tenant_id) where ended_at is null;
alter table second_factor_waiver enable row level security;
alter table second_factor_waiver force row level security;
create policy tenant_isolation on second_factor_waiver
  using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select, insert, update on second_factor_waiver to campanella_app;

-- An activation code for somebody at work: of no family.
alter table email drop constraint email_kind_check;
alter table email add constraint email_kind_check
  check (kind in ('bill', 'first-notice', 'reminder', 'payment', 'credentials', 'recovery', 'staff-code'));
alter table email alter column holder_id drop not null;
alter table email alter column person_id drop not null;
alter table email add constraint email_of_somebody
  check ((holder_id is null) = (kind = 'staff-code') and (person_id is null) = (holder_id is null));
