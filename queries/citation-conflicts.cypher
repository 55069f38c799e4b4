// title.zh: 引用不一致的文件
// title.en: Citations that disagree
// description.zh: 一个标题有几个文号，或一个文号有几个标题：逐条列出引用的文件和原文。
// description.en: One title with different numbers, or one number with different titles: each citation with the document that makes it and its words.
// columns: title, number, document, quote
MATCH (d:Document)
WHERE d.number <> '' AND d.title <> ''
// Titles are compared without quotation marks; the same title of another place or level is another document.
WITH d, replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(d.title, ' ', ''), '中华人民共和国', ''), '〈', ''), '〉', ''), '《', ''), '》', ''), '「', ''), '」', ''), '『', ''), '』', ''), '“', ''), '”', ''), '‘', ''), '’', '') AS name
WITH name, coalesce(d.level, '') AS level, coalesce(d.region, '') AS region,
     collect(d.id) AS ids, count(DISTINCT d.number) AS numbers
WHERE numbers > 1
UNWIND ids AS id
MATCH (d:Document {id: id})
OPTIONAL MATCH (c:Document|Task)-[r:CITES]->(d)
RETURN d.title AS title, d.number AS number, coalesce(c.document, c.id, d.id) AS document, coalesce(r.quote, '') AS quote
ORDER BY name, level, region, d.number, d.id, c.id, r.role
