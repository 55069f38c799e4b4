// 各工作领域承担的任务数
// title.en: Workload by field of work
// description.zh: 跨地区按工作领域（教育、财政、市场监管等）统计任务数，每项任务在一个领域只计一次。没有领域的单位和统称不计；地区指单位所在地区及其下辖地区。
// description.en: Tasks by field of work (education, finance, …) across regions; a task counts once in a field. Units without a field and collectives are left out; the region is the unit's, with all below it.
// parameter: year integer 0
// parameter: region region ''
// parameter: limit integer 20
// columns: function, regions[], lead, responsible, support, total
MATCH (d:Document)-[:CONTAINS]->(t:Task)<-[:LEADS|RESPONSIBLE_FOR|SUPPORTS]-(u:Unit)
WHERE u.function <> '' AND NOT u.collective AND ($year = 0 OR d.year = $year)
  AND ($region = '' OR ('/' + u.region + '/') CONTAINS ('/' + $region + '/') OR ('/' + u.region) CONTAINS ('/' + $region + '（'))
WITH DISTINCT u, t
WITH u.function AS function, u.region AS region, t.id AS task,
     EXISTS { MATCH (u)-[:LEADS]->(t) } AS leads,
     EXISTS { MATCH (u)-[:RESPONSIBLE_FOR]->(t) } AS answers,
     EXISTS { MATCH (u)-[:SUPPORTS]->(t) } AS helps
WITH function, collect(DISTINCT region) AS regions,
     count(DISTINCT CASE WHEN leads THEN task END) AS lead,
     count(DISTINCT CASE WHEN answers THEN task END) AS responsible,
     count(DISTINCT CASE WHEN helps THEN task END) AS support,
     count(DISTINCT task) AS total
RETURN function, regions, lead, responsible, support, total
ORDER BY total DESC, function LIMIT $limit
