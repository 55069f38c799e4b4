// 没有责任单位的任务
// title.en: Tasks with no unit of their own
// description.zh: 自身没有写明任何单位的任务。
// description.en: Tasks for which no unit is named.
// parameter: document document ''
// columns: task, title, document, item, words, region
MATCH (d:Document)-[:CONTAINS]->(t:Task)
WHERE ($document = '' OR d.id = $document OR d.number = $document OR d.title = $document OR $document IN d.aliases)
  AND NOT EXISTS { MATCH (t)<-[:LEADS|RESPONSIBLE_FOR|SUPPORTS]-(:Unit) }
RETURN t.id AS task, CASE WHEN coalesce(t.title, '') = '' THEN left(t.text, 30) ELSE t.title END AS title,
       d.id AS document,
       t.name AS item, left(t.text, 60) AS words, coalesce(d.region, '') AS region
ORDER BY d.id, t.`order`, t.id
