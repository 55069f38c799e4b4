// 自行增加的任务
// title.en: Tasks added here
// description.zh: 上级文件已载入，而本文件中没有上级任务与之对应的任务。
// description.en: Tasks of a paper whose superior is loaded that are made from none of the superior's tasks.
// parameter: document document required
// example: document=荻政办〔2023〕31号
// columns: task, title, units[], document
MATCH (d:Document)
WHERE d.id = $document OR d.number = $document OR d.title = $document OR $document IN d.aliases
MATCH (d)-[:IMPLEMENTS*1..4]->(s:Document)
WHERE s.loaded
WITH DISTINCT d
MATCH (d)-[:CONTAINS]->(t:Task)
WHERE NOT EXISTS { MATCH (t)-[:DERIVES_FROM]->(:Task) }
OPTIONAL MATCH (t)<-[:LEADS|RESPONSIBLE_FOR|SUPPORTS]-(u:Unit)
WITH d, t, collect(DISTINCT u.name) AS units
RETURN t.id AS task, CASE WHEN coalesce(t.title, '') = '' THEN left(t.text, 30) ELSE t.title END AS title,
       units, d.id AS document
ORDER BY d.id, t.`order`, t.id
