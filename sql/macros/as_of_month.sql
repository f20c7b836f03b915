-- 年度途中の値が、何月のものか（書かれたままのas_ofから）。12月末時点、R7.12.31、2027/1/31、1/31現在、4月~12月の終わりの月。
-- 月のないもの（上半期、第3四半期）は書かれたまま。同じものどうしだけを、年度をまたいで比べるため。
-- 例: as_of_month('R9.1.31') → 1、as_of_month('4月~12月') → 12、as_of_month('上半期') → 上半期
CREATE OR REPLACE MACRO as_of_month(as_of) AS
  list_transform([regexp_split_to_array(as_of, '[~～-]|から')[-1]], lambda last:
    CASE
      WHEN regexp_matches(last, '\d月') THEN regexp_extract(last, '(\d+)月', 1)
      WHEN regexp_matches(last, '\d[./]\d') THEN regexp_extract(
        regexp_replace(last, '^(?:(?:令和?|平成?|[RH])\.?\s*\d+\s*[./]\s*|\d{4}[./])', ''), '^0*(\d+)', 1)
      ELSE as_of
    END)[1];
