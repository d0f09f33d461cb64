-- Orders (JSON) joined with their payments (CSV) as both arrive: every payment with the order that it belongs to, and how
-- long the customer took. A payment may come in parts; an order without a payment does not show.
-- Run from the checkout's root:  ./dev run examples/order_payments/order_payments.sql

CREATE TABLE orders (
  order_id BIGINT,
  customer STRING,
  amount DECIMAL(8, 2),
  placed_at TIMESTAMP(3)
) WITH (
  'connector' = 'filesystem',
  'path' = 'examples/order_payments/orders.json',
  'format' = 'json'
);

CREATE TABLE payments (
  order_id BIGINT,
  paid_by STRING,
  amount DECIMAL(8, 2),
  paid_at TIMESTAMP(3)
) WITH (
  'connector' = 'filesystem',
  'path' = 'examples/order_payments/payments.csv',
  'format' = 'csv',
  'csv.field-delimiter' = ';'
);

SELECT
  o.order_id,
  o.customer,
  p.paid_by,
  p.amount,
  CASE WHEN p.amount < o.amount THEN 'part' ELSE 'full' END AS kind,
  TIMESTAMPDIFF(SECOND, o.placed_at, p.paid_at) AS seconds_to_pay
FROM orders AS o
JOIN payments AS p ON o.order_id = p.order_id;
