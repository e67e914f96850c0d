-- title: An index uses a function that finds another only by the search path
-- says: uses length_of without its schema
-- where: source
set search_path = shop;
create function shop.length_of(c text) returns integer language sql immutable as 'select pg_catalog.length(c)';
create function shop.rate(c text) returns integer language plpgsql immutable as 'begin return length_of(c); end';
create index by_rate on shop.no_key (shop.rate(a));
