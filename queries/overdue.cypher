// 逾期的任务
// title.en: Overdue tasks
// description.zh: 最后截止日已过、尚未完成或取消的任务，逾期最久的在前；today 为计算的日期，地区为文件所属地区及其下辖地区。
// description.en: Tasks whose last day is past and that are neither done nor dropped, the longest overdue first; today is the day that counts, region that of the documents, with all below it.
// parameter: today date today
// parameter: unit unit ''
// parameter: region region ''
// parameter: document document ''
// columns: task, title, deadline, state, leads[], responsibles[], supports[], region, document, item, words
MATCH (d:Document)-[:CONTAINS]->(t:Task)-[:DUE]->(l:Deadline)
WHERE l.due IS NOT NULL AND NOT coalesce(t.state, '') IN ['done', 'dropped'] AND ($document = '' OR d.id = $document OR $document IN d.aliases)
  AND ($region = '' OR ('/' + d.region + '/') CONTAINS ('/' + $region + '/') OR ('/' + d.region) CONTAINS ('/' + $region + '（'))
  AND ($unit = '' OR EXISTS {
    MATCH (t)<-[:LEADS|RESPONSIBLE_FOR|SUPPORTS]-(v:Unit)
    WHERE ('\n' + $unit + '\n') CONTAINS ('\n' + v.id + '\n') OR ('\n' + $unit + '\n') CONTAINS ('\n' + v.name + '\n') OR $unit IN v.aliases
  })
WITH t, max(l.due) AS last
WHERE last < date($today)
OPTIONAL MATCH (t)<-[r:LEADS|RESPONSIBLE_FOR|SUPPORTS]-(u:Unit)
WITH t, last, u.name AS name, type(r) AS role
WITH t, last, name, max(CASE role WHEN 'LEADS' THEN 1 ELSE 0 END) AS lead,
     max(CASE role WHEN 'RESPONSIBLE_FOR' THEN 1 ELSE 0 END) AS responsible, max(CASE role WHEN 'SUPPORTS' THEN 1 ELSE 0 END) AS support
WITH t, last, collect(CASE lead WHEN 1 THEN name END) AS leads,
     collect(CASE responsible WHEN 1 THEN name END) AS responsibles, collect(CASE support WHEN 1 THEN name END) AS supports
WITH t.id AS id, last, leads, responsibles, supports
// Ids alone until here: the embedded store takes twice as long where it carries texts through the groups.
MATCH (d:Document)-[:CONTAINS]->(t:Task {id: id})
RETURN t.id AS task, CASE WHEN coalesce(t.title, '') = '' THEN left(t.text, 30) ELSE t.title END AS title,
       last AS deadline, CASE WHEN coalesce(t.state, '') = '' THEN 'not-started' ELSE t.state END AS state,
       leads, responsibles, supports, coalesce(d.region, '') AS region, d.id AS document,
       t.name AS item, left(t.text, 60) AS words
ORDER BY last, d.id, t.`order`, t.id
