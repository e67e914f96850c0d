-- title: Default privileges are missing
-- checks: schema
-- where: restored
alter default privileges in schema shop revoke select on tables from "shop reader";
