-- 書かれた日付を日付の型にする。「令和9年4月25日」「R9.4.25」「2027-04-25」「2027年4月25日」を読む。読めなければ空。
-- 例: date_of('令和9年4月25日') → 2027-04-25、date_of('平成31.4.30') → 2019-04-30、date_of('そのうち') → 空
CREATE OR REPLACE MACRO date_of(t) AS
  list_transform([regexp_extract(translate(t, '０１２３４５６７８９．／－ＲＨＳ', '0123456789./-RHS'),
      '^\s*(令和|平成|昭和|R|H|S)?\s*(\d+|元)\s*[年./-]\s*(\d+)\s*[月./-]\s*(\d+)\s*日?\s*$', ['era', 'y', 'm', 'd'])],
    lambda p: TRY_CAST(
      CAST(CASE WHEN p.era IN ('令和', 'R') THEN 2018 WHEN p.era IN ('平成', 'H') THEN 1988 WHEN p.era IN ('昭和', 'S') THEN 1925 ELSE 0 END
        + CASE WHEN p.y = '元' THEN 1 ELSE TRY_CAST(p.y AS INTEGER) END AS VARCHAR)
      || '-' || lpad(p.m, 2, '0') || '-' || lpad(p.d, 2, '0') AS DATE))[1];
