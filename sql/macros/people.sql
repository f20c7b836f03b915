-- 人員換算。年間の削減時間を、一人当たりの年間時間で割った人数（0.1人単位、四捨五入）。一人当たりの時間に既定値はない。
-- 出典: 一人当たりの時間とその出典は、計画の設定（kyogikai.yaml の hours_per_person）に書く。
-- 例: people(11200, 3100) → 3.6
CREATE OR REPLACE MACRO people(hours, hours_per_person) AS
  CASE WHEN hours_per_person > 0 THEN percent(hours, CAST(hours_per_person AS DECIMAL(30, 6)) * 100) END;
