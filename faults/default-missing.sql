-- title: A column lost its default
-- checks: schema
-- where: restored
alter table shop.orders alter column state drop default;
