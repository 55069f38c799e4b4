// title.zh: 到期的任务
// title.en: What is due when
// description.zh: 截止日在所给日期之间（含首尾）的任务，每个截止日一行；日期可写 today、today+30。
// description.en: Tasks with a last day between the dates (both included), a row for each such day; dates also take today and today+30.
// parameter: from date ''
// parameter: to date ''
// parameter: unit string ''
// columns: task, title, deadline, units[], document
MATCH (d:Document)-[:CONTAINS]->(t:Task)-[:DUE]->(l:Deadline)
WHERE l.due >= $from AND l.due <= $to
  AND ($unit = '' OR EXISTS {
    MATCH (t)<-[:LEADS|RESPONSIBLE_FOR|SUPPORTS]-(v:Unit) WHERE v.id = $unit OR v.name = $unit OR $unit IN v.aliases
  })
WITH DISTINCT d, t, l.due AS due
OPTIONAL MATCH (t)<-[:LEADS|RESPONSIBLE_FOR|SUPPORTS]-(u:Unit)
WITH d, t, due, collect(DISTINCT u.name) AS units
RETURN t.id AS task, CASE WHEN coalesce(t.title, '') = '' THEN left(t.text, 30) ELSE t.title END AS title,
       due AS deadline, units, d.id AS document
ORDER BY due, d.id, t.`order`, t.id
