// 引用不一致的文件
// title.en: Citations that disagree
// description.zh: 一个标题有几个文号，或一个文号有几个标题：逐条列出引用的文件和原文。
// description.en: One title with different numbers, or one number with different titles: each citation with the document that makes it and its words.
// columns: title, number, document, quote
MATCH (d:Document)
WHERE d.number <> ''
OPTIONAL MATCH (:Document|Task)-[r:CITES]->(d)
UNWIND [coalesce(d.title, ''), coalesce(r.title, '')] AS title
// Titles are compared without quotation marks.
WITH DISTINCT d,
     replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(title, ' ', ''), '中华人民共和国', ''), '〈', ''), '〉', ''), '《', ''), '》', ''), '「', ''), '」', ''), '『', ''), '』', ''), '“', ''), '”', ''), '‘', ''), '’', '') AS name
WHERE name <> ''
// One number: a title that is not even a part of the longest one is another title.
WITH d, collect(name) AS names, max(size(name)) AS most
UNWIND names AS name
WITH d, names, min(CASE WHEN size(name) = most THEN name END) AS longest
UNWIND names AS name
WITH d, names, count(CASE WHEN NOT longest CONTAINS name THEN 1 END) AS differing
// One title: of the same place and level, else it is another document.
UNWIND names AS name
WITH name, coalesce(d.level, '') AS level, coalesce(d.region, '') AS region, collect(d.id) AS ids,
     collect(CASE WHEN differing > 0 THEN d.id END) AS several, count(DISTINCT d.number) AS numbers
UNWIND CASE WHEN numbers > 1 THEN ids ELSE several END AS id
WITH id, min(name) AS family
MATCH (d:Document {id: id})
OPTIONAL MATCH (c:Document|Task)-[r:CITES]->(d)
// A document that was read stands beside those that cite it.
UNWIND ['own', 'cited'] AS turn
WITH DISTINCT family, d.number AS number, d.id AS id, CASE WHEN turn = 'own' THEN '' ELSE c.id END AS citing,
     CASE WHEN turn = 'own' THEN '' ELSE r.role END AS role, turn, d.loaded AS loaded,
     CASE WHEN turn = 'own' OR coalesce(r.title, '') = '' THEN coalesce(d.title, '') ELSE r.title END AS title,
     CASE WHEN turn = 'own' THEN d.id ELSE coalesce(c.document, c.id) END AS document,
     CASE WHEN turn = 'own' THEN coalesce(d.title, '') ELSE r.quote END AS quote
WHERE (turn = 'cited' AND citing IS NOT NULL) OR (turn = 'own' AND loaded)
RETURN title, number, document, quote
ORDER BY family, number, id, turn, document, citing, role
