-- 達成率（%、0.1%単位、四捨五入、上限も下限も設けない）。算式は attainment_method のとおり。率を出せないときは空。
-- 目標が0のとき: Aは空、Cは実績も0なら100.0。Cで実績だけが0のときは空。
-- 例: attainment_pct(46978, 43000, 57250, '低下') → 72.1
CREATE OR REPLACE MACRO attainment_pct(actual, target, baseline, direction) AS
  CASE attainment_method(actual, target, baseline, direction)
    WHEN 'A' THEN CASE WHEN target <> 0 THEN percent(actual, target) END
    WHEN 'B' THEN percent(baseline - actual, baseline - target)
    WHEN 'C' THEN CASE WHEN target = 0 AND actual = 0 THEN 100.0
      WHEN target <> 0 AND actual <> 0 THEN percent(target, actual) END
  END;
