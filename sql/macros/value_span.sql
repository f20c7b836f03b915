-- 値の期間のうち、期間の違う値とは比べられないもの（累計、月平均、年度途中）。それ以外は空文字。
-- 指標の名称に累計や月平均とあれば、そこに書かれた値はみな同じ期間のものなので、空文字とする。
-- 例: value_span('累計', '利用者数') → 累計、value_span('累計', '利用者数（累計）') → 空文字、value_span('年度末時点', '利用者数') → 空文字
CREATE OR REPLACE MACRO value_span(span, indicator) AS
  CASE
    WHEN span = '累計' AND NOT regexp_matches(indicator, '累計|累積|通算') THEN span
    WHEN span = '月平均' AND NOT regexp_matches(indicator, '月平均|月間|[(（]月[)）]') THEN span
    WHEN span = '年度途中' THEN span
    ELSE ''
  END;
