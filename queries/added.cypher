// 自行增加的任务
// title.en: Tasks added here
// description.zh: 上级文件已载入，而本文件中没有上级任务与之对应的任务；status 为 orphaned 的，自己引了某份已载入的文件为依据，其中却没有这项任务，或经人确认的来源任务在上级文件中已不存在。
// description.en: Tasks of a paper whose superior is loaded that are made from none of the superior's tasks; `orphaned` are those that name a loaded paper as their basis themselves, in which no such task is found, and those of which somebody confirmed that they come from a task that is not there any more.
// parameter: document document required
// example: document=荻政办〔2023〕31号
// columns: task, title, status, units[], document, item, words
MATCH (d:Document)
WHERE d.id = $document OR d.number = $document OR d.title = $document OR $document IN d.aliases
MATCH (d)-[:IMPLEMENTS*1..4]->(s:Document)
WHERE s.loaded
WITH DISTINCT d
MATCH (d)-[:CONTAINS]->(t:Task)
WHERE size(coalesce(t.orphaned, [])) > 0 OR NOT EXISTS { MATCH (t)-[:DERIVES_FROM]->(:Task) }
OPTIONAL MATCH (t)<-[:LEADS|RESPONSIBLE_FOR|SUPPORTS]-(u:Unit)
WITH d, t, collect(DISTINCT u.name) AS units
OPTIONAL MATCH (t)-[:CITES {role: 'basis'}]->(b:Document {kind: 'directive', loaded: true})
WHERE b.id <> d.id
WITH d, t, units, count(DISTINCT b.id) AS based
RETURN t.id AS task, CASE WHEN coalesce(t.title, '') = '' THEN left(t.text, 30) ELSE t.title END AS title,
       CASE WHEN based > 0 OR size(coalesce(t.orphaned, [])) > 0 THEN 'orphaned' ELSE 'added' END AS status, units, d.id AS document,
       t.name AS item, left(t.text, 60) AS words
ORDER BY d.id, t.`order`, t.id
