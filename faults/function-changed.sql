-- title: A function has another body
-- checks: schema
-- where: restored
create or replace function shop.total_of(bigint) returns numeric language sql stable as 'select 0::numeric';
