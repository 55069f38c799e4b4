// title.zh: 查找任务
// title.en: Find tasks
// description.zh: 标题或正文含有所给词语的任务；地区和年度是文件的。
// description.en: Tasks whose title or text holds the words; region and year are those of the document.
// parameter: text string required
// parameter: region string ''
// parameter: year integer 0
// parameter: limit integer 20
// columns: task, title, units[], deadline[], document
MATCH (d:Document)-[:CONTAINS]->(t:Task)
WHERE (t.text CONTAINS $text OR t.title CONTAINS $text)
  AND ($region = '' OR ('/' + d.region + '/') CONTAINS ('/' + $region + '/') OR ('/' + d.region) CONTAINS ('/' + $region + '（'))
  AND ($year = 0 OR d.year = $year)
WITH d, t ORDER BY d.id, t.`order`, t.id LIMIT $limit
OPTIONAL MATCH (t)<-[:LEADS|RESPONSIBLE_FOR|SUPPORTS]-(u:Unit)
WITH d, t, collect(DISTINCT u.name) AS units
OPTIONAL MATCH (t)-[:DUE]->(l:Deadline)
WITH d, t, units, collect(l.text) AS deadline
RETURN t.id AS task, CASE WHEN coalesce(t.title, '') = '' THEN left(t.text, 30) ELSE t.title END AS title,
       units, deadline, d.id AS document
ORDER BY d.id, t.`order`, t.id
