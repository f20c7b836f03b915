-- 割合（n÷d）が、丸める前の値で、bound（%）以上か。nもdも0のときは100%とみなす（目標0で実績0の達成率と同じ）。dだけが0なら空。
-- 例: reaches(7996, 10000, 80) → false（79.96%。四捨五入すると80.0%だが、80%に届かない）
CREATE OR REPLACE MACRO reaches(n, d, bound) AS
  CASE
    WHEN d = 0 AND n = 0 THEN bound <= 100
    WHEN d = 0 THEN NULL
    ELSE TRY(CAST(CAST(n AS DECIMAL(38, 12)) * 1000000000000 AS HUGEINT) * CAST(sign(d) AS HUGEINT) * 100000000
      >= CAST(CAST(bound AS DECIMAL(18, 6)) * 1000000 AS HUGEINT)
      * CAST(abs(CAST(d AS DECIMAL(38, 12))) * 1000000000000 AS HUGEINT))
  END;
