-- 量の単位の、もとになる単位と、その十の何乗か。長さ、重さ、広さ、体積、電力量など。数える単位（件、回、台）では空。
-- 時間（秒・分・時間）と月数（か月・年）は、十の何乗でもないので、ここにはない。
-- 読み取りの側（pipelines/quantity の表）と同じであることを、試験で確かめている。
-- 例: unit_measure('km').base → mm、unit_measure('km').exponent → 6、unit_measure('件') → 空
CREATE OR REPLACE MACRO unit_measure(name) AS
  MAP {
    'mm': {'base': 'mm', 'exponent': 0}, 'cm': {'base': 'mm', 'exponent': 1}, 'm': {'base': 'mm', 'exponent': 3},
    'km': {'base': 'mm', 'exponent': 6},
    'mg': {'base': 'mg', 'exponent': 0}, 'g': {'base': 'mg', 'exponent': 3}, 'kg': {'base': 'mg', 'exponent': 6},
    't': {'base': 'mg', 'exponent': 9},
    'm2': {'base': 'm2', 'exponent': 0}, 'a': {'base': 'm2', 'exponent': 2}, 'ha': {'base': 'm2', 'exponent': 4},
    'km2': {'base': 'm2', 'exponent': 6},
    'mL': {'base': 'mL', 'exponent': 0}, 'L': {'base': 'mL', 'exponent': 3}, 'kL': {'base': 'mL', 'exponent': 6},
    'm3': {'base': 'mL', 'exponent': 6},
    'Wh': {'base': 'Wh', 'exponent': 0}, 'kWh': {'base': 'Wh', 'exponent': 3}, 'MWh': {'base': 'Wh', 'exponent': 6},
    'GWh': {'base': 'Wh', 'exponent': 9},
    'W': {'base': 'W', 'exponent': 0}, 'kW': {'base': 'W', 'exponent': 3}, 'MW': {'base': 'W', 'exponent': 6},
    'J': {'base': 'J', 'exponent': 0}, 'kJ': {'base': 'J', 'exponent': 3}, 'MJ': {'base': 'J', 'exponent': 6},
    'GJ': {'base': 'J', 'exponent': 9},
    '割': {'base': '%', 'exponent': 1}
  }[name];
