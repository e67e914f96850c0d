-- title: An index was not built
-- checks: schema
-- where: restored
drop index shop.customers_tags;
