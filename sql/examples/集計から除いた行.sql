-- 質問: 誤りがあるために、どの行やファイルが集計から除かれているか
SELECT municipality AS 自治体, department AS 課, wareki(fiscal_year) AS 年度, form AS 様式,
  CASE kind WHEN 'file' THEN 'ファイル' ELSE '行' END AS 除いたもの, what AS 名前, path AS ファイル, sheet AS シート, cell AS セル
FROM marts.left_out
ORDER BY ALL
