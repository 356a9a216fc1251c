-- Closing writes a row of attendance per meal: it is the busiest table of the day (docs/adr/0019).
-- The answer follows from the class lists and from what people said; both refer to the person, so the answer need not.
alter table attendance_mark add constraint attendance_mark_child foreign key (tenant_id, child_id)
  references person (tenant_id, id);
alter table attendance drop constraint attendance_tenant_id_child_id_fkey;

-- One index by child and one by day instead of three.
drop index attendance_by_child;
drop index attendance_by_site;
alter table attendance drop constraint attendance_pkey;
alter table attendance add primary key (tenant_id, child_id, date, service_id);
create index attendance_by_day on attendance (tenant_id, service_id, date, site_id);
