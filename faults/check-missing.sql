-- title: A check constraint is missing
-- checks: schema
-- where: restored
alter table shop.products drop constraint products_price_check;
