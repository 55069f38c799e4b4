// 被引用而未载入的文件
// title.en: Cited but not loaded
// description.zh: 被引用而没有载入的文件（含法律法规），需要最多的在前；cited_by 是引用它的文件数。
// description.en: Documents that are cited but not loaded (laws and regulations too), most wanted first; cited_by counts the documents that cite them.
// parameter: limit integer 20
// columns: document, title, level, cited_by
MATCH (c:Document|Task)-[:CITES]->(d:Document)
WHERE NOT d.loaded
WITH d.id AS document, d.title AS title, d.level AS level, count(DISTINCT coalesce(c.document, c.id)) AS cited_by
RETURN document, title, level, cited_by
ORDER BY cited_by DESC, document LIMIT $limit
