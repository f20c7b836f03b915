-- 年平均増減率を四捨五入すると、0.1%のk倍になるか。境（kの前後の0.05%）ちょうどは、0から遠いほうに丸める。
-- 1＋k÷1000の下の境は（1999＋2k）÷2000、上の境は（2001＋2k）÷2000。誤差なく比べる。
-- 例: rounds_to(121, 100, 2, 100) → true
CREATE OR REPLACE MACRO rounds_to(current, first, years, k) AS
  compare_power(current, first, greatest(1999 + 2 * k, 0), 2000, years) >= CASE WHEN k > 0 THEN 0 ELSE 1 END
  AND compare_power(current, first, greatest(2001 + 2 * k, 0), 2000, years) <= CASE WHEN k < 0 THEN 0 ELSE -1 END;
