-- title: A table belongs to somebody else
-- checks: schema
-- where: restored
alter table shop.stock owner to postgres;
