-- What other modules may read of a class and of a child's name. security_invoker: the reader's row security holds.
create view v_class_site with (security_invoker = true) as
  select tenant_id, id as class_id, site_id, year, grade, section from school_class;

create view v_child_name with (security_invoker = true) as
  select tenant_id, id as child_id, surname, given_name from person where kind = 'child';

grant select on v_class_site, v_child_name to campanella_app;
