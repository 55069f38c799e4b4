// 各文件概况
// title.en: One row a loaded document
// description.zh: 每份载入的文件：任务、单位（不重复）、时限和引用的数目，以及来源网址（address，未知则为空）。
// description.en: Each loaded document: how many tasks, different units, deadlines and citations it has, and the address that it was fetched from ('' if unknown).
// columns: document, title, level, region, tasks, units, deadlines, citations, address
MATCH (d:Document)
WHERE d.loaded
OPTIONAL MATCH (d)-[:CONTAINS]->(t:Task)
WITH d, count(t.id) AS tasks
OPTIONAL MATCH (d)-[:CONTAINS]->(:Task)<-[:LEADS|RESPONSIBLE_FOR|SUPPORTS]-(u:Unit)
WITH d, tasks, count(DISTINCT u.id) AS units
OPTIONAL MATCH (d)-[:DUE]->(l:Deadline)
WITH d, tasks, units, count(l.id) AS own
OPTIONAL MATCH (d)-[:CONTAINS]->(:Task)-[:DUE]->(l:Deadline)
WITH d, tasks, units, own, count(l.id) AS others
WITH d, tasks, units, own + others AS deadlines
OPTIONAL MATCH (d)-[:CITES]->(x:Document)
WITH d, tasks, units, deadlines, count(x.id) AS own
OPTIONAL MATCH (d)-[:CONTAINS]->(:Task)-[:CITES]->(x:Document)
WITH d, tasks, units, deadlines, own, count(x.id) AS others
WITH d, tasks, units, deadlines, own + others AS citations
RETURN d.id AS document, d.title AS title, d.level AS level, d.region AS region, tasks, units, deadlines, citations,
       coalesce(d.address, '') AS address
ORDER BY d.id
