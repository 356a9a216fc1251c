-- messaging: one message per event and family. Planned inside the transaction that causes it.
create table message (
  tenant_id uuid not null,
  id uuid not null,
  holder_id uuid not null,
  kind text not null,
  subject text not null,
  body text not null,
  dedupe_key text not null,
  planned_at timestamptz not null,
  read_at timestamptz,
  primary key (tenant_id, id),
  unique (tenant_id, dedupe_key)
);
create index message_by_holder on message (tenant_id, holder_id, planned_at);
