-- title: One bit of a bytea is flipped
-- checks: hashes
-- where: restored
update shop.events set raw = set_bit(raw, 3, 1 - get_bit(raw, 3)) where id = 12;
