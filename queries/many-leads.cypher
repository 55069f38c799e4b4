// 多个牵头单位的任务
// title.en: Tasks with more than one lead
// description.zh: 牵头单位不止一个的任务，多者在前。
// description.en: Tasks with more than one lead unit, most leads first.
// parameter: limit integer 20
// columns: task, title, leads[], document, item, words, region
MATCH (d:Document)-[:CONTAINS]->(t:Task)<-[:LEADS]-(u:Unit)
WITH d, t, collect(u.name) AS leads, count(*) AS n
WHERE n > 1
RETURN t.id AS task, CASE WHEN coalesce(t.title, '') = '' THEN left(t.text, 30) ELSE t.title END AS title,
       leads, d.id AS document,
       t.name AS item, left(t.text, 60) AS words, coalesce(d.region, '') AS region
ORDER BY n DESC, d.id, t.`order`, t.id LIMIT $limit
