-- title: There is a table that the source does not have
-- checks: schema, tables
-- where: restored
create table shop.left_over (a integer);
