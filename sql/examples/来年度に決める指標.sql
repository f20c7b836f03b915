-- 質問: 目標値をこれから決めることになっている指標はどれか
-- 引数: year:整数 目標の年度（西暦）。なければ、実績の報告がある最新の年度の翌年度
SELECT municipality AS 自治体, department AS 課, indicator AS 指標, subgroup AS 区分, kind AS 種別, fiscal_year AS 目標の年度,
  target_literal AS 書かれていること
FROM marts.indicator_years
WHERE target IS NULL AND regexp_matches(target_literal, '決定|検討|未定|設定')
  AND fiscal_year = coalesce($year::INTEGER,
    (SELECT max(fiscal_year) + 1 FROM marts.indicator_years WHERE actual IS NOT NULL))
ORDER BY ALL
