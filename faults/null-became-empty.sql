-- title: A NULL came back as an empty text
-- checks: hashes
-- where: restored
update "Odd ""Names"""."Table with ""quotes"", and spaces" set r = '' where "select" = 1;
