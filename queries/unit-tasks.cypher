// 某单位的任务
// title.en: Tasks of a unit
// description.zh: 一个单位（任何一种写法）的任务、角色和时限；一项任务有几种角色的各占一行。
// description.en: The tasks of a unit (any of its names), with its role and the deadlines; a task in which it has several roles has a row for each.
// parameter: unit unit required
// parameter: region region ''
// parameter: role any|lead|responsible|support any
// example: unit=县民政局
// columns: task, title, role, deadline[], document, unit, region, item, words
MATCH (u:Unit)-[r:LEADS|RESPONSIBLE_FOR|SUPPORTS]->(t:Task)
WHERE (('\n' + $unit + '\n') CONTAINS ('\n' + u.id + '\n') OR ('\n' + $unit + '\n') CONTAINS ('\n' + u.name + '\n') OR $unit IN u.aliases)
  AND ($region = '' OR ('/' + u.region + '/') CONTAINS ('/' + $region + '/') OR ('/' + u.region) CONTAINS ('/' + $region + '（'))
WITH DISTINCT t, u.name AS unit, u.region AS region,
     CASE type(r) WHEN 'LEADS' THEN 'lead' WHEN 'RESPONSIBLE_FOR' THEN 'responsible' ELSE 'support' END AS role
WHERE $role = 'any' OR role = $role
OPTIONAL MATCH (t)-[:DUE]->(l:Deadline)
WITH t, unit, region, role, collect(l.text) AS deadline
RETURN t.id AS task, CASE WHEN coalesce(t.title, '') = '' THEN left(t.text, 30) ELSE t.title END AS title,
       role, deadline, t.document AS document,
       unit, region, t.name AS item, left(t.text, 60) AS words
ORDER BY t.document, t.`order`, t.id, role, region, unit
