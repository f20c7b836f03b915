-- 数を、余分な0を付けずに文字にする。
-- 例: plain_number(80.500000) → 80.5、plain_number(100.0) → 100
CREATE OR REPLACE MACRO plain_number(x) AS
  CASE WHEN contains(CAST(x AS VARCHAR), '.') THEN rtrim(rtrim(CAST(x AS VARCHAR), '0'), '.')
    ELSE CAST(x AS VARCHAR) END;
