// 被引用最多的文件
// title.en: The directives cited most
// description.zh: 被多少份文件（含其任务）和多少项任务引用；只列公文，不含法律法规。
// description.en: How many documents (in their own words or in a task) and how many tasks cite it; directives only, no laws and regulations.
// parameter: level any|national|province|city|county|township any
// parameter: limit integer 20
// columns: document, title, level, documents, tasks
MATCH (c:Document|Task)-[:CITES]->(d:Document)
WHERE d.kind = 'directive' AND ($level = 'any' OR d.level = $level)
WITH d.id AS document, d.title AS title, d.level AS level,
     count(DISTINCT coalesce(c.document, c.id)) AS documents,
     count(DISTINCT CASE WHEN c.document IS NOT NULL THEN c.id END) AS tasks
RETURN document, title, level, documents, tasks
ORDER BY documents DESC, tasks DESC, document LIMIT $limit
