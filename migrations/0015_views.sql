-- What tariffs reads of families and enrolment: who grows up together, who uses what.
-- security_invoker: the reader's row security holds.
create view v_household_child with (security_invoker = true) as
  select h.tenant_id, h.holder_id, h.child_id, p.birth_date, h.from_date, h.to_date
  from child_holder h
  join person p on p.tenant_id = h.tenant_id and p.id = h.child_id;

create view v_enrolled_child with (security_invoker = true) as
  select tenant_id, child_id, service_id, year, from_date, to_date from enrolment;

grant select on v_household_child, v_enrolled_child to campanella_app;
