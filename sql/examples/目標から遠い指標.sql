-- 質問: 達成率の低い指標はどれか（算出方法ごとに十件）
-- 引数: year:整数 年度（西暦）。なければ、実績の報告がある最新の年度
-- 達成率は、算出方法（Ａ 実績÷目標、Ｂ 基準からの進み、Ｃ 目標÷実績）が違えば比べられない。方法ごとに並べる。
SELECT
  method AS 方法, attainment_pct AS 達成率, municipality AS 自治体, department AS 課, indicator AS 指標, subgroup AS 区分,
  unit AS 単位,
  baseline AS 基準値, target AS 目標, actual AS 実績, fiscal_year AS 年度
FROM marts.indicator_years
WHERE fiscal_year = coalesce($year::INTEGER,
  (SELECT max(fiscal_year) FROM marts.indicator_years WHERE actual IS NOT NULL))
  AND attainment_pct IS NOT NULL AND NOT achieved
QUALIFY row_number() OVER (PARTITION BY method ORDER BY attainment_pct, municipality, code, indicator, subgroup,
  kind) <= 10
ORDER BY method, attainment_pct, municipality, code, indicator, subgroup
