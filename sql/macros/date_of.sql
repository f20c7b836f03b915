-- 書かれた日付を日付の型にする。「令和9年4月25日」「R9.4.25」「2027-04-25」「2027年4月25日（日）」を読む。年は元号か西暦4桁。読めなければ空。
-- 例: date_of('令和9年4月25日') → 2027-04-25、date_of('平成31.4.30') → 2019-04-30、date_of('9.4.25') → 空
CREATE OR REPLACE MACRO date_of(t) AS
  list_transform([regexp_extract(translate(t, '０１２３４５６７８９．／－ＲＨＳ（）', '0123456789./-RHS()'),
      '^\s*(?:(令和|平成|昭和|R|H|S)\s*(\d{1,2}|元)|(\d{4}))\s*[年./-]\s*(\d{1,2})' ||
       '\s*[月./-]\s*(\d{1,2})\s*日?\s*(?:\([月火水木金土日]\))?\s*$',
      ['era', 'y', 'western', 'm', 'd'])],
    lambda p: TRY_CAST(
      CAST(CASE WHEN p.western <> '' THEN TRY_CAST(p.western AS INTEGER)
        ELSE CASE WHEN p.era IN ('令和', 'R') THEN 2018 WHEN p.era IN ('平成', 'H') THEN 1988
          WHEN p.era IN ('昭和', 'S') THEN 1925 END
          + CASE WHEN p.y = '元' THEN 1 ELSE TRY_CAST(p.y AS INTEGER) END END AS VARCHAR)
      || '-' || p.m || '-' || p.d AS DATE))[1];
