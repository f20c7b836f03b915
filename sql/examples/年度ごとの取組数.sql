-- 質問: 計画の最初の年度から最後の年度まで、取組は何件続き、何件が加わり、完了し、取りやめになったか
SELECT municipality AS 自治体, plan AS 計画, wareki(fiscal_year) AS 年度, continued AS 継続, added AS 追加, total AS 取組数,
  completed AS 完了, dropped AS 取りやめ
FROM marts.yearly_counts
ORDER BY municipality, plan, fiscal_year
