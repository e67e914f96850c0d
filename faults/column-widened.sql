-- title: A column has another type
-- checks: schema
-- where: restored
alter table shop.documents alter column title type text;
