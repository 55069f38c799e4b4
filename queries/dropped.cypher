// 未承接的上级任务
// title.en: Tasks of the superior that are not taken up
// description.zh: 上级文件中本文件没有承接的任务：missing 未见；elsewhere 本文件由部门印发，而任务属其他部门工作。
// description.en: The superior's tasks that no task of this paper is made from: missing, or elsewhere (the issuer is a bureau, and the task is other bureaus' work).
// parameter: document document required
// example: document=荻政办〔2023〕31号
// columns: task, title, status, units[], superior, item, words
MATCH (l:Document)
WHERE l.id = $document OR l.number = $document OR l.title = $document OR $document IN l.aliases
MATCH (l)-[:IMPLEMENTS*1..4]->(d:Document)
WHERE d.loaded AND NOT EXISTS { MATCH (l)-[:IMPLEMENTS*1..3]->(m:Document)-[:IMPLEMENTS*1..3]->(d) WHERE m.loaded }
WITH DISTINCT d, l
OPTIONAL MATCH (l)-[:ISSUED_BY]->(u:Unit)
WHERE NOT u.`function` IN ['政府', '政府办公', '党务综合', '乡镇街道'] AND size(u.fields) > 0
MATCH (d)-[:CONTAINS]->(t:Task)
WHERE NOT EXISTS { MATCH (t)<-[:DERIVES_FROM]-(x:Task) WHERE x.document = l.id }
OPTIONAL MATCH (t)<-[:LEADS|RESPONSIBLE_FOR|SUPPORTS]-(v:Unit)
WITH d, t, count(CASE WHEN size(u.fields) > 0 AND size(v.fields) > 0 THEN 1 END) AS known,
     count(CASE WHEN any(field IN v.fields WHERE field IN u.fields) THEN 1 END) AS own, collect(DISTINCT v.name) AS units
RETURN t.id AS task, CASE WHEN coalesce(t.title, '') = '' THEN left(t.text, 30) ELSE t.title END AS title,
       CASE WHEN known > 0 AND own = 0 THEN 'elsewhere' ELSE 'missing' END AS status,
       units, d.id AS superior, t.name AS item, left(t.text, 60) AS words
ORDER BY d.id, t.`order`, t.id
