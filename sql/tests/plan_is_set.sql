-- 読み取った記録には、その様式の計画の設定があること（kyogikai.yaml の plans）。ないと、どの資料にも載らない。
-- 範囲: 自治体ごと
-- 重大度: warning
SELECT municipality, form, count(*) AS records
FROM staging.kept_records
WHERE plan IS NULL
GROUP BY ALL
