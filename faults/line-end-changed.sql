-- title: A line feed within a text came back as a carriage return and a line feed
-- checks: hashes
-- where: restored
update shop.orders_rest set notes = replace(notes, E'\n', E'\r\n') where notes like E'%\n%';
