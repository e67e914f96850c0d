-- title: A view is missing
-- checks: schema
-- where: restored
drop view shop.open_orders;
