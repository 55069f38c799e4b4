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
WITH DISTINCT t, l.due AS due
MATCH (t)-[:DUE]->(m:Deadline)
WITH t, due, max(m.due) AS last, min(CASE WHEN m.due >= date($today) THEN m.due ELSE NULL END) AS ahead
OPTIONAL MATCH (t)<-[r:LEADS|RESPONSIBLE_FOR|SUPPORTS]-(u:Unit)
WITH t, due, last, ahead, u.name AS name, type(r) AS role
WITH t, due, last, ahead, name, max(CASE role WHEN 'LEADS' THEN 1 ELSE 0 END) AS lead,
     max(CASE role WHEN 'RESPONSIBLE_FOR' THEN 1 ELSE 0 END) AS responsible, max(CASE role WHEN 'SUPPORTS' THEN 1 ELSE 0 END) AS support
WITH t, due, last, ahead, collect(name) AS units, collect(CASE lead WHEN 1 THEN name END) AS leads,
     collect(CASE responsible WHEN 1 THEN name END) AS responsibles, collect(CASE support WHEN 1 THEN name END) AS supports
WITH t.id AS id, due, last, ahead, units, leads, responsibles, supports
// Ids alone until here: the embedded store takes twice as long where it carries texts through the groups.
MATCH (d:Document)-[:CONTAINS]->(t:Task {id: id})
WITH d, t, due, last, ahead, units, leads, responsibles, supports,
     CASE WHEN coalesce(t.state, '') = '' THEN 'not-started' ELSE t.state END AS state
RETURN t.id AS task, CASE WHEN coalesce(t.title, '') = '' THEN left(t.text, 30) ELSE t.title END AS title,
       due AS deadline, units, d.id AS document,
       state,
       CASE WHEN state IN ['done', 'dropped'] THEN ''
            WHEN last < date($today) THEN 'red'
            WHEN ahead <= date($soon) THEN 'yellow'
            WHEN state = 'not-started' AND ahead <= date($near) THEN 'yellow'
            WHEN t.milestone < date($today) THEN 'yellow'
            WHEN t.next_report < date($today) THEN 'yellow'
            ELSE 'green' END AS light,
       t.name AS item, leads, responsibles, supports, coalesce(d.region, '') AS region, left(t.text, 60) AS words
ORDER BY due, d.id, t.`order`, t.id
