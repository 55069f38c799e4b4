// 两个年度相比
// title.en: Two years side by side
// description.zh: 各工作领域两个年度的任务数及其增减；年度指文件的年度，不给出时为最近的两个年度。地区指单位所在地区及其下辖地区，统称不计。
// description.en: The tasks of each field of work in two years and the difference; the year is the document's, the last two that there are where none is given. The region is the unit's, with all below it; collectives are left out.
// parameter: earlier integer 0
// parameter: later integer 0
// parameter: region region ''
// columns: function, earlier, earlier_tasks, later, later_tasks, change
MATCH (n:Document)
WHERE n.loaded AND n.year > 0 AND ($later = 0 OR n.year = $later)
WITH max(n.year) AS later
MATCH (m:Document)
WHERE m.loaded AND m.year > 0 AND m.year < later AND ($earlier = 0 OR m.year = $earlier)
WITH later, max(m.year) AS earlier
MATCH (d:Document)-[:CONTAINS]->(t:Task)<-[:LEADS|RESPONSIBLE_FOR|SUPPORTS]-(u:Unit)
WHERE (d.year = earlier OR d.year = later) AND u.function <> '' AND NOT u.collective
  AND ($region = '' OR ('/' + u.region + '/') CONTAINS ('/' + $region + '/') OR ('/' + u.region) CONTAINS ('/' + $region + '（'))
WITH earlier, later, u.function AS function,
     count(DISTINCT CASE WHEN d.year = earlier THEN t.id END) AS earlier_tasks,
     count(DISTINCT CASE WHEN d.year = later THEN t.id END) AS later_tasks
RETURN function, earlier, earlier_tasks, later, later_tasks, later_tasks - earlier_tasks AS change
ORDER BY change DESC, function
