-- 年度の和暦。西暦の年度（4月から翌年3月まで、始まりの年）を受け取る。2019年度は令和元年度。
-- 例: wareki(2024) → 令和6年度
CREATE OR REPLACE MACRO wareki(y) AS
  CASE
    WHEN y = 2019 THEN '令和元年度'
    WHEN y > 2019 THEN '令和' || (y - 2018) || '年度'
    WHEN y = 1989 THEN '平成元年度'
    WHEN y > 1989 THEN '平成' || (y - 1988) || '年度'
    WHEN y >= 1926 THEN '昭和' || (y - 1925) || '年度'
  END;
