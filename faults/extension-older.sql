-- title: An extension has another version
-- checks: extensions
-- where: restored
update pg_extension set extversion = '1.0' where extname = 'hstore';
