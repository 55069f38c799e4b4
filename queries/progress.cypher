// 推进情况
// title.en: Progress
// description.zh: 各单位（牵头或责任）、各地区或各文件的任务数、状态与红黄绿：红为逾期；黄为 soon 前到期、near 前到期而未启动、节点已过而未达成、该报未报；其余为绿；已完成和已取消的不亮灯。
// description.en: Tasks, states and lights per unit (lead or responsible), place or document: red is overdue; yellow is due until soon, due until near and not started, past a milestone that is not met, or past a report; green is the rest; what is done or dropped has no light.
// parameter: by unit|place|document unit
// parameter: region region ''
// parameter: year integer 0
// parameter: today date today
// parameter: soon date today+7
// parameter: near date today+30
// columns: name, region, tasks, not_started, under_way, done, dropped, red, yellow, green
MATCH (d:Document)-[:CONTAINS]->(t:Task)
WHERE ($year = 0 OR d.year = $year)
  AND ($region = '' OR ('/' + d.region + '/') CONTAINS ('/' + $region + '/') OR ('/' + d.region) CONTAINS ('/' + $region + '（'))
OPTIONAL MATCH (t)-[:DUE]->(l:Deadline)
WITH d, t, max(l.due) AS last, min(CASE WHEN l.due >= date($today) THEN l.due ELSE NULL END) AS ahead,
     CASE WHEN coalesce(t.state, '') = '' THEN 'not-started' ELSE t.state END AS state
WITH d, t, state,
     CASE WHEN state IN ['done', 'dropped'] THEN ''
          WHEN last < date($today) THEN 'red'
          WHEN ahead <= date($soon) THEN 'yellow'
          WHEN state = 'not-started' AND ahead <= date($near) THEN 'yellow'
          WHEN t.milestone < date($today) THEN 'yellow'
          WHEN t.next_report < date($today) THEN 'yellow'
          ELSE 'green' END AS light
OPTIONAL MATCH (t)<-[:LEADS|RESPONSIBLE_FOR]-(u:Unit)
WITH DISTINCT t, state, light,
     CASE $by WHEN 'unit' THEN coalesce(u.id, '') WHEN 'place' THEN coalesce(d.region, '') ELSE d.id END AS key,
     CASE $by WHEN 'unit' THEN coalesce(u.name, '') WHEN 'place' THEN coalesce(d.region, '') ELSE d.id END AS name,
     CASE $by WHEN 'unit' THEN coalesce(u.region, '') ELSE coalesce(d.region, '') END AS region
RETURN name, region, count(t) AS tasks,
       count(CASE state WHEN 'not-started' THEN 1 END) AS not_started,
       count(CASE state WHEN 'under-way' THEN 1 END) AS under_way,
       count(CASE state WHEN 'done' THEN 1 END) AS done,
       count(CASE state WHEN 'dropped' THEN 1 END) AS dropped,
       count(CASE light WHEN 'red' THEN 1 END) AS red,
       count(CASE light WHEN 'yellow' THEN 1 END) AS yellow,
       count(CASE light WHEN 'green' THEN 1 END) AS green
ORDER BY red DESC, yellow DESC, name, region
