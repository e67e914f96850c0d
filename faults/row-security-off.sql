-- title: Row security is off
-- checks: schema
-- where: restored
alter table shop.private_notes disable row level security;
