-- 番号の並び順。1-2を1-10より前に、①-1を①-2より前に並べるため、数字の部分を数として比べられる形にする。
-- 例: natural_order('1-2') < natural_order('1-10') → true
CREATE OR REPLACE MACRO natural_order(code) AS
  list_transform(regexp_extract_all(coalesce(code, ''), '[0-9]+|[^0-9]+'),
    lambda part: CASE WHEN regexp_matches(part, '^[0-9]') THEN lpad(part, 12, '0') ELSE part END);
