-- title: A day came back as 24 hours, which compares as equal
-- checks: hashes
-- where: restored
update shop.events set took = took - interval '1 day' + interval '24:00:00' where id = 13;
