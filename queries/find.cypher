// 查找任务
// title.en: Find tasks
// description.zh: 标题或正文含有所给词语的任务；地区和年度是文件的。
// description.en: Tasks whose title or text holds the words; region and year are those of the document.
// parameter: text words required
// parameter: region region ''
// parameter: year integer 0
// parameter: limit integer 20
// example: text=养老
// columns: task, title, units[], deadline[], document, item, leads[], responsibles[], supports[], region, text
MATCH (t:Task)
WHERE all(x IN $text WHERE t.text CONTAINS x OR coalesce(t.title, '') CONTAINS x)
MATCH (d:Document)-[:CONTAINS]->(t)
WHERE ($region = '' OR ('/' + d.region + '/') CONTAINS ('/' + $region + '/') OR ('/' + d.region) CONTAINS ('/' + $region + '（'))
  AND ($year = 0 OR d.year = $year)
UNWIND $text AS word
WITH d.id AS document, t.id AS id, t.`order` AS place, count(CASE WHEN coalesce(t.title, '') CONTAINS word THEN 1 END) AS rank
ORDER BY rank DESC, document, place, id LIMIT $limit
// found: until here by the index of words, where the store has one
MATCH (t:Task {id: id})
WITH id, rank, t.document AS document
MATCH (d:Document {id: document})
WITH id, rank, document, coalesce(d.region, '') AS region
MATCH (t:Task {id: id})
OPTIONAL MATCH (t)<-[:LEADS|RESPONSIBLE_FOR|SUPPORTS]-(u:Unit)
WITH id, rank, document, region, collect(DISTINCT u.name) AS units
MATCH (t:Task {id: id})
OPTIONAL MATCH (t)<-[:LEADS]-(a:Unit)
WITH id, rank, document, region, units, collect(DISTINCT a.name) AS leads
MATCH (t:Task {id: id})
OPTIONAL MATCH (t)<-[:RESPONSIBLE_FOR]-(b:Unit)
WITH id, rank, document, region, units, leads, collect(DISTINCT b.name) AS responsibles
MATCH (t:Task {id: id})
OPTIONAL MATCH (t)<-[:SUPPORTS]-(c:Unit)
WITH id, rank, document, region, units, leads, responsibles, collect(DISTINCT c.name) AS supports
MATCH (t:Task {id: id})
OPTIONAL MATCH (t)-[:DUE]->(l:Deadline)
WITH id, rank, document, region, units, leads, responsibles, supports, collect(l.text) AS deadline
MATCH (t:Task {id: id})
RETURN t.id AS task, CASE WHEN coalesce(t.title, '') = '' THEN left(t.text, 30) ELSE t.title END AS title,
       units, deadline, document,
       t.name AS item, leads, responsibles, supports, region, t.text AS text
ORDER BY rank DESC, document, t.`order`, t.id
