-- title: A trigger is there, and disabled
-- checks: schema
-- where: restored
alter table shop.stock disable trigger note_stock;
