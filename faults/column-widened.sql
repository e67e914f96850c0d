-- title: A column has another type
-- checks: columns, schema
-- where: restored
alter table shop.documents alter column title type text;
