-- A request to GPD that got no answer may be worked through later, a file by hours: a position that was closed before anybody
-- knew whether it arrived is looked at again until then, and closed again if it is there. Design: docs/adr/0020.
alter table remote_position add column watch_until timestamptz;
create index remote_position_watched on remote_position (tenant_id, told_at) where watch_until is not null;
