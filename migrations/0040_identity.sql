-- Who is there: verified identities (SPID, CIE, eIDAS), the town as a service provider, requests on their way, the journal.
-- Design: docs/adr/0024.

-- An identity is a verified codice fiscale; an account may have one. eIDAS has none: the office links its identifier.
create table account_identity (
  tenant_id uuid not null,
  -- `cf:<codice fiscale>` or `eidas:<identifier>`, or `oidc:<issuer>#<subject>` for staff
  subject text not null,
  account_id uuid not null,
  given_name text not null,
  surname text not null,
  linked_at timestamptz not null,
  linked_by text not null,
  last_used_at timestamptz,
  primary key (tenant_id, subject),
  foreign key (tenant_id, account_id) references account (tenant_id, id)
);
create index account_identity_by_account on account_identity (tenant_id, account_id);

-- Verified, and nobody here knows them: an eIDAS identity that the office has to link to a person.
create table identity_to_link (
  tenant_id uuid not null,
  subject text not null,
  given_name text not null,
  surname text not null,
  birth_date date,
  first_seen_at timestamptz not null,
  last_seen_at timestamptz not null,
  dismissed_at timestamptz,
  primary key (tenant_id, subject)
);

-- What the town is for one federation. Never changed: a change is a new version, and its metadata has to be handed in again.
create table service_provider (
  tenant_id uuid not null,
  protocol text not null check (protocol in ('spid', 'cie', 'eidas', 'cie-oidc', 'staff-oidc')),
  version integer not null check (version >= 1),
  -- entity id, addresses, organisation, contacts, level: `ServiceProviderSettings`
  settings jsonb not null,
  -- of a client of the town's own provider; sealed
  sealed_secret text,
  -- offered to families from then on; a version that was never enabled is a draft
  enabled_at timestamptz,
  disabled_at timestamptz,
  made_at timestamptz not null,
  made_by text not null,
  primary key (tenant_id, protocol, version)
);

create table service_provider_key (
  tenant_id uuid not null,
  id uuid not null,
  protocol text not null check (protocol in ('spid', 'cie', 'eidas', 'cie-oidc')),
  -- OIDC federation signs its own statements with other keys
  use text not null check (use in ('sign', 'federation', 'decrypt')),
  -- PEM, or a JWK set's public key
  public_part text not null,
  sealed_private_part text not null,
  -- next: published, not used yet; current: signs; former: still published; retired: gone from the metadata
  state text not null check (state in ('next', 'current', 'former', 'retired')),
  not_after timestamptz,
  made_at timestamptz not null,
  made_by text not null,
  changed_at timestamptz not null,
  primary key (tenant_id, id)
);
create unique index service_provider_key_current on service_provider_key (tenant_id, protocol, use) where state = 'current';

-- Somebody was sent to a provider and has not come back. Taken out by the answer, in one statement: an answer counts once.
create table sign_in_request (
  tenant_id uuid not null,
  -- as the provider gives it back: AuthnRequest ID, or `state`
  request_id text not null,
  protocol text not null,
  provider text not null,
  -- the cookie of the browser that asked, hashed
  browser_hash text not null,
  -- what RelayState or state stands for; a path of this site
  return_path text,
  level smallint not null check (level between 1 and 3),
  -- nonce, code verifier, the request itself; sealed
  sealed_details text not null,
  issued_at timestamptz not null,
  expires_at timestamptz not null,
  primary key (tenant_id, request_id)
);
create index sign_in_request_expired on sign_in_request (tenant_id, expires_at);

-- Answers that were accepted once are never accepted again, also after the request is gone.
create table accepted_assertion (
  tenant_id uuid not null,
  provider text not null,
  assertion_id text not null,
  accepted_at timestamptz not null,
  primary key (tenant_id, provider, assertion_id)
);

-- 24 months of request and response, as the SPID rules want them. Sealed; the duty officer's search is recorded.
create table sign_in_journal (
  tenant_id uuid not null,
  id uuid not null,
  protocol text not null,
  provider text not null,
  request_id text not null,
  response_id text,
  assertion_id text,
  request_issued_at timestamptz,
  response_issued_at timestamptz,
  assertion_issued_at timestamptz,
  -- keyed hash: found by whoever knows the codice fiscale, read by nobody
  subject_hash text,
  outcome text not null,
  sealed_request text not null,
  sealed_response text not null,
  recorded_at timestamptz not null,
  delete_on date not null,
  primary key (tenant_id, id)
);
create index sign_in_journal_request on sign_in_journal (tenant_id, request_id);
create index sign_in_journal_response on sign_in_journal (tenant_id, response_id);
create index sign_in_journal_subject on sign_in_journal (tenant_id, subject_hash, recorded_at);
create index sign_in_journal_time on sign_in_journal (tenant_id, recorded_at);
create index sign_in_journal_due on sign_in_journal (tenant_id, delete_on);

-- The federations' lists of providers: the last copy whose signature was right. The same for every town.
create table platform.identity_registry (
  federation text primary key check (federation in ('spid', 'cie', 'eidas')),
  document text not null,
  fetched_at timestamptz not null,
  problem text not null default '',
  problem_at timestamptz
);
grant select, insert, update on platform.identity_registry to campanella_app;

-- How somebody came in, and what the provider needs to hear when they leave.
alter table session add column means text not null default 'password'
  check (means in ('password', 'passkey', 'persona', 'spid', 'cie', 'eidas', 'oidc', 'device'));
alter table session add column level smallint check (level between 1 and 3);
alter table session add column provider text;
-- for the single logout: NameID and SessionIndex, sealed
alter table session add column sealed_logout text;
-- the provider's word for this session, hashed: a logout that begins there finds it
alter table session add column provider_session_hash text;
-- browser and system in short, for the list of one's own sessions
alter table session add column seen_as text not null default '';
alter table session add column second_factor_at timestamptz;
-- what the person sees and sends to end one of several sessions; the token is known to nobody
alter table session add column id uuid;
alter table session no force row level security;
update session set id = md5(token_hash)::uuid;
alter table session force row level security;
alter table session alter column id set not null;
create unique index session_id on session (tenant_id, id);
create index session_by_account on session (tenant_id, account_id) where ended_at is null;
create index session_by_provider_session on session (tenant_id, provider_session_hash)
  where provider_session_hash is not null and ended_at is null;

alter table role_grant drop constraint role_grant_role_check;
alter table role_grant add constraint role_grant_role_check
  check (role in ('guardian', 'delegate', 'school', 'kitchen', 'office', 'office-manager', 'administrator'));

do $$
declare t text;
begin
  foreach t in array array['account_identity', 'identity_to_link', 'service_provider', 'service_provider_key',
    'sign_in_request', 'accepted_assertion', 'sign_in_journal'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format(
      'create policy tenant_isolation on %I using (tenant_id = nullif(current_setting(''app.tenant_id'', true), '''')::uuid)
       with check (tenant_id = nullif(current_setting(''app.tenant_id'', true), '''')::uuid)', t);
    execute format('grant select, insert, update, delete on %I to campanella_app', t);
  end loop;
end $$;
revoke update on accepted_assertion, sign_in_journal, sign_in_request from campanella_app;
revoke delete on service_provider, service_provider_key from campanella_app;
