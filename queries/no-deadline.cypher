// 没有时限的任务
// title.en: Tasks with no deadline of their own
// description.zh: 自身没有写明任何时限的任务；对整份文件的时限不算。
// description.en: Tasks for which no time limit is set; a limit of the whole document does not count.
// parameter: document document ''
// columns: task, title, units[], document, item, leads[], responsibles[], supports[], region, words
MATCH (d:Document)-[:CONTAINS]->(t:Task)
WHERE ($document = '' OR d.id = $document OR d.number = $document OR d.title = $document OR $document IN d.aliases)
  AND NOT EXISTS { MATCH (t)-[:DUE]->(:Deadline) }
OPTIONAL MATCH (t)<-[:LEADS|RESPONSIBLE_FOR|SUPPORTS]-(u:Unit)
WITH d, t, collect(DISTINCT u.name) AS units
OPTIONAL MATCH (t)<-[:LEADS]-(a:Unit)
WITH d, t, units, collect(DISTINCT a.name) AS leads
OPTIONAL MATCH (t)<-[:RESPONSIBLE_FOR]-(b:Unit)
WITH d, t, units, leads, collect(DISTINCT b.name) AS responsibles
OPTIONAL MATCH (t)<-[:SUPPORTS]-(c:Unit)
WITH d, t, units, leads, responsibles, collect(DISTINCT c.name) AS supports
RETURN t.id AS task, CASE WHEN coalesce(t.title, '') = '' THEN left(t.text, 30) ELSE t.title END AS title,
       units, d.id AS document,
       t.name AS item, leads, responsibles, supports, coalesce(d.region, '') AS region, left(t.text, 60) AS words
ORDER BY d.id, t.`order`, t.id
