// 到期的任务
// title.en: What is due when
// description.zh: 截止日在所给日期之间（含首尾）的任务，每个截止日一行；日期可写 today、today+30、12月底；地区为文件所属地区及其下辖地区；light 为 today 当天的红黄绿灯，soon、near 为黄灯所看的日期，同 progress。
// description.en: Tasks with a last day between the dates (both included), a row for each such day; dates also take today, today+30 and times as papers write them; region is that of the documents, with all below it; light is the task's red, yellow or green of today, yellow as in progress until soon and near.
// parameter: from date ''
// parameter: to date ''
// parameter: unit unit ''
// parameter: region region ''
// parameter: today date today
// parameter: soon date today+7
// parameter: near date today+30
// columns: task, title, deadline, units[], document, state, light, item, leads[], responsibles[], supports[], region, words
MATCH (d:Document)-[:CONTAINS]->(t:Task)-[:DUE]->(l:Deadline)
WHERE l.due >= date($from) AND l.due <= date($to)
  AND ($region = '' OR ('/' + d.region + '/') CONTAINS ('/' + $region + '/') OR ('/' + d.region) CONTAINS ('/' + $region + '（'))
  AND ($unit = '' OR EXISTS {
    MATCH (t)<-[:LEADS|RESPONSIBLE_FOR|SUPPORTS]-(v:Unit)
    WHERE ('\n' + $unit + '\n') CONTAINS ('\n' + v.id + '\n') OR ('\n' + $unit + '\n') CONTAINS ('\n' + v.name + '\n') OR $unit IN v.aliases
  })
WITH DISTINCT d, t, l.due AS due
MATCH (t)-[:DUE]->(m:Deadline)
WITH d, t, due, max(m.due) AS last, min(CASE WHEN m.due >= date($today) THEN m.due ELSE NULL END) AS ahead,
     CASE WHEN coalesce(t.state, '') = '' THEN 'not-started' ELSE t.state END AS state
WITH d, t, due, state,
     CASE WHEN state IN ['done', 'dropped'] THEN ''
          WHEN last < date($today) THEN 'red'
          WHEN ahead <= date($soon) THEN 'yellow'
          WHEN state = 'not-started' AND ahead <= date($near) THEN 'yellow'
          WHEN t.milestone < date($today) THEN 'yellow'
          WHEN t.next_report < date($today) THEN 'yellow'
          ELSE 'green' END AS light
OPTIONAL MATCH (t)<-[:LEADS|RESPONSIBLE_FOR|SUPPORTS]-(u:Unit)
WITH d, t, due, state, light, collect(DISTINCT u.name) AS units
OPTIONAL MATCH (t)<-[:LEADS]-(a:Unit)
WITH d, t, due, state, light, units, collect(DISTINCT a.name) AS leads
OPTIONAL MATCH (t)<-[:RESPONSIBLE_FOR]-(b:Unit)
WITH d, t, due, state, light, units, leads, collect(DISTINCT b.name) AS responsibles
OPTIONAL MATCH (t)<-[:SUPPORTS]-(c:Unit)
WITH d, t, due, state, light, units, leads, responsibles, collect(DISTINCT c.name) AS supports
RETURN t.id AS task, CASE WHEN coalesce(t.title, '') = '' THEN left(t.text, 30) ELSE t.title END AS title,
       due AS deadline, units, d.id AS document,
       state, light,
       t.name AS item, leads, responsibles, supports, coalesce(d.region, '') AS region, left(t.text, 60) AS words
ORDER BY due, d.id, t.`order`, t.id
