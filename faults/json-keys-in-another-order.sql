-- title: A json document has its keys in another order
-- checks: hashes
-- where: restored
update shop.events set payload = ('{"a": [1, 2], "b": ' || id || '}')::json where id = 9;
