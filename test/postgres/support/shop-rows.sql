-- :n is the number of orders, :letters that of letters; everything else follows from them. The same numbers give the same rows.
insert into shop.customers (email, name, home, country, born, tags, preferences, attributes, rating, discount, created_at)
  select 'c' || i || '@example.org', 'Name ' || md5(i::text), row('Street ' || i, 'Town', i::text)::shop.address, (array['DE', 'FR', 'IT'])[1 + i % 3],
    date '1950-01-01' + i % 20000, array['t' || i % 7, 'with "quotes", and {braces}'], jsonb_build_object('n', i, 'nested', jsonb_build_array(i, null, 'ä')),
    ext.hstore('k' || i % 5, null), i / 7.0, i % 100, timestamptz '2025-01-01Z' + i * interval '1 minute'
  from generate_series(1, greatest(:n / 5, 20)) i;
insert into shop.products (id, sku, name, price, scale, colors, validity)
  select md5('p' || i)::uuid, 'SKU-' || i, 'Product ' || md5('n' || i), i / 100.0, ('1.' || repeat('0', i % 5))::numeric, array[['red', 'NULL'], ['x' || i, null]],
    tstzrange(timestamptz '2025-01-01Z', case when i % 3 = 0 then null else timestamptz '2027-01-01Z' end)
  from generate_series(1, greatest(:n / 50, 20)) i;
insert into shop.stock select id, 1000000, timestamptz '2026-01-01Z' from shop.products;
insert into shop.orders (customer_id, state, total, placed_at, notes)
  select 1 + i % greatest(:n / 5, 20), (array['placed', 'paid', 'shipped', 'it''s lost'])[1 + i % 4]::shop.order_state, i * 1.01,
    timestamptz '2025-01-01Z' + i * (interval '730 days' / :n), case when i % 4 = 0 then null else repeat(md5(i::text), 1 + i % 6) end
  from generate_series(1, :n) i;
insert into shop.orders (customer_id, placed_at, notes) values (1, '1999-01-01Z', E'tab\tnewline\nbackslash\\'), (2, 'infinity', ''), (3, '0044-03-15Z BC', 'old');
insert into shop.order_lines
  select 1 + i / 3, i % 3, md5('p' || (1 + i % greatest(:n / 50, 20)))::uuid, 1 + i % 9, i / 1000.0 from generate_series(0, :n * 2) i;
insert into shop.events (at, kind, payload, document, raw, client, took, spot, flags, mac)
  select timestamptz '2026-01-01Z' + i * interval '1 second', 'kind ' || i % 11, ('{"b": ' || i || ',  "a": [1, 2]}')::json, xmlparse(content '<a>' || i || '</a>'),
    decode(repeat(md5('e' || i), 4 + i % 24), 'hex'), ('10.0.' || i % 256 || '.1')::inet, i * interval '1 day 00:00:01.5', point(i, -i / 3.0), (i % 16)::bit(4), '08:00:2b:01:02:03'
  from generate_series(1, :n) i;
insert into shop.measurements
  select timestamptz '2026-01-01Z' + i * interval '1 minute', i / 3.0, case i % 50 when 0 then '-0'::float8 when 1 then 'NaN' when 2 then '-Infinity' when 3 then 1e-300 else sqrt(i) end,
    case i % 9 when 0 then 1.50 when 1 then 1.5 when 2 then 'NaN' else i / 7.0 end, i, i / 100.0, '12:00:00+02', case i % 99 when 0 then 'infinity' else date '2026-01-01' end
  from generate_series(1, greatest(:n / 2, 100)) i;
insert into shop.no_key select 'same', i % 3 from generate_series(1, greatest(:n / 20, 60)) i;
insert into shop.nothing select from generate_series(1, 7);
insert into shop.sessions select md5(i::text), i from generate_series(1, 100) i;
insert into shop.documents select i, lo_from_bytea(0, decode(repeat(md5(i::text), i * 40), 'hex')), 'Document ' || i from generate_series(1, 25) i;
insert into shop.letters
  select i, timestamptz '2025-01-01Z' + i * interval '1 minute', 'About order ' || i,
    'Hello, this is about order ' || i || '. ' || (select string_agg(md5(i || '.' || j) || ' was sent to the address that you gave us, ', '') from generate_series(1, 2 + i % 20) j)
  from generate_series(1, :letters) i;
insert into shop.vehicles (plate) values ('A-1'), ('A-2');
insert into shop.trucks (plate, load_kg) values ('T-1', 7500);
insert into shop.dropped values (1, 2), (null, null);
insert into shop.bookings values (1, '[2026-01-01,2026-01-02)'), (1, '[2026-01-02,2026-01-03)');
insert into shop.private_notes values (1, 'shop reader', 'mine'), (2, 'nobody', 'not yours');
insert into "Odd ""Names"""."Table with ""quotes"", and spaces" values (1, null, 'ß', 'x', 'paid'), (2, '', 'NULL', E'\\N', 'it''s lost');
select nextval('shop.invoice_numbers'), nextval('shop.countdown'), nextval('shop.countdown'), nextval('shop.small') from generate_series(1, 12);
refresh materialized view shop.sales_by_day;
