-- 元号と年。西暦の年と、どの元号かを決める日（YYYY-MM-DD）を受け取る。最初の年は元年。
-- 例: era_year(2019, '2019-05-01') → 令和元、era_year(2019, '2019-04-30') → 平成31
CREATE OR REPLACE MACRO era_year(y, day) AS
  CASE
    WHEN day >= '2019-05-01' THEN '令和' || CASE WHEN y = 2019 THEN '元' ELSE CAST(y - 2018 AS VARCHAR) END
    WHEN day >= '1989-01-08' THEN '平成' || CASE WHEN y = 1989 THEN '元' ELSE CAST(y - 1988 AS VARCHAR) END
    WHEN day >= '1926-12-25' THEN '昭和' || CASE WHEN y = 1926 THEN '元' ELSE CAST(y - 1925 AS VARCHAR) END
  END;
