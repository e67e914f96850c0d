-- title: A trigger that was disabled is enabled
-- checks: schema
-- where: restored
alter table shop.customers enable trigger note_customers;
