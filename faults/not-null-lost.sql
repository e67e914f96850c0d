-- title: A column takes NULL that did not
-- checks: schema
-- where: restored
alter table shop.customers alter column name drop not null;
