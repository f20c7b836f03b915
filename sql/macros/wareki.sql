-- 和暦。年度（西暦の整数、4月から翌年3月まで、始まりの年）か年月日を受け取る。2019年度は令和元年度。
-- 年月日は、改元の日（令和元年5月1日、平成元年1月8日、昭和元年12月25日）で分ける。
-- 例: wareki(2024) → 令和6年度、wareki(DATE '2025-10-21') → 令和7年10月21日
CREATE OR REPLACE MACRO wareki(y) AS
  list_transform([CAST(y AS VARCHAR)], lambda t:
    CASE
      WHEN length(t) < 10 THEN era_year(CAST(t AS INTEGER), t || '-12-31') || '年度'
      ELSE era_year(CAST(left(t, 4) AS INTEGER), t) || '年'
        || CAST(substr(t, 6, 2) AS INTEGER) || '月' || CAST(substr(t, 9, 2) AS INTEGER) || '日'
    END)[1];
