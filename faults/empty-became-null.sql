-- title: An empty text came back as NULL
-- checks: hashes
-- where: restored
update "Odd ""Names"""."Table with ""quotes"", and spaces" set r = null where "select" = 2;
