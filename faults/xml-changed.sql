-- title: An xml document changed by one character
-- checks: hashes
-- where: restored
update shop.events set document = xmlparse(content '<a>x</a>') where id = 11;
