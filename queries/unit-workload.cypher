// 各单位承担的任务数
// title.en: Workload of units
// description.zh: 各单位牵头、责任、配合的任务数，每项任务在合计中只计一次；按合计或所选角色排序。地区指单位所在地区及其下辖地区，默认不含统称。
// description.en: How many tasks each unit leads, answers for and supports, each task once in the total; ranked by the total or by the role chosen. The region is the unit's, with all below it; collectives are left out unless asked for.
// parameter: region region ''
// parameter: role any|lead|responsible|support any
// parameter: year integer 0
// parameter: collective boolean false
// parameter: limit integer 20
// columns: unit, region, lead, responsible, support, total
MATCH (u:Unit)
WHERE ($region = '' OR ('/' + u.region + '/') CONTAINS ('/' + $region + '/') OR ('/' + u.region) CONTAINS ('/' + $region + '（'))
  AND ($collective OR NOT u.collective)
OPTIONAL MATCH (u)-[:LEADS]->(a:Task)<-[:CONTAINS]-(d:Document)
WHERE $year = 0 OR d.year = $year
WITH u, count(a.id) AS lead
OPTIONAL MATCH (u)-[:RESPONSIBLE_FOR]->(b:Task)<-[:CONTAINS]-(d:Document)
WHERE $year = 0 OR d.year = $year
WITH u, lead, count(b.id) AS responsible
OPTIONAL MATCH (u)-[:SUPPORTS]->(c:Task)<-[:CONTAINS]-(d:Document)
WHERE $year = 0 OR d.year = $year
WITH u, lead, responsible, count(c.id) AS support
OPTIONAL MATCH (u)-[:LEADS|RESPONSIBLE_FOR|SUPPORTS]->(t:Task)<-[:CONTAINS]-(d:Document)
WHERE $year = 0 OR d.year = $year
WITH u.id AS id, u.name AS unit, u.region AS region, lead, responsible, support, count(DISTINCT t.id) AS total
WITH id, unit, region, lead, responsible, support, total,
     CASE $role WHEN 'lead' THEN lead WHEN 'responsible' THEN responsible WHEN 'support' THEN support ELSE total END AS rank
WHERE rank > 0
RETURN unit, region, lead, responsible, support, total
ORDER BY rank DESC, id LIMIT $limit
