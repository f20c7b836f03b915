-- 目標を達成したか。丸める前の値で判定する。comparatorは ge 以上、gt 超、le 以下、lt 未満、空（書かれていない）。
-- 以上・以下が書かれていれば、それで決める。書かれていなければ、低下と維持以下では実績が目標以下、それ以外では目標以上で達成とする。
-- 実績か目標がなければ空。
-- 例: achieved(89.4, 90, 'ge', '維持') → false
CREATE OR REPLACE MACRO achieved(actual, target, comparator, direction) AS
  CASE
    WHEN comparator = 'gt' THEN actual > target
    WHEN comparator = 'lt' THEN actual < target
    WHEN comparator = 'ge' THEN actual >= target
    WHEN comparator = 'le' THEN actual <= target
    WHEN direction IN ('低下', '維持以下') THEN actual <= target
    ELSE actual >= target
  END;
