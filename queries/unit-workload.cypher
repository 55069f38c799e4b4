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
// Of all years, where none is asked for: without a look at the documents. Tasks with several roles are counted apart, as they are few.
OPTIONAL MATCH (w:Unit)
WHERE w.id = u.id AND $year = 0
OPTIONAL MATCH (w)-[:LEADS]->(a:Task)
WITH u, w, count(a.id) AS lead
OPTIONAL MATCH (w)-[:RESPONSIBLE_FOR]->(b:Task)
WITH u, w, lead, count(b.id) AS responsible
OPTIONAL MATCH (w)-[:SUPPORTS]->(c:Task)
WITH u, w, lead, responsible, count(c.id) AS support
OPTIONAL MATCH (w)-[:RESPONSIBLE_FOR]->(a:Task)<-[:LEADS]-(w)
WITH u, w, lead, responsible, support, count(a.id) AS twice
OPTIONAL MATCH (w)-[:LEADS|RESPONSIBLE_FOR]->(b:Task)<-[:SUPPORTS]-(w)
WITH u, lead, responsible, support, twice, count(DISTINCT b.id) AS again
WITH u, lead, responsible, support, lead + responsible + support - twice - again AS total
// Of one year.
OPTIONAL MATCH (y:Unit)
WHERE y.id = u.id AND $year <> 0
OPTIONAL MATCH (y)-[:LEADS]->(a:Task)<-[:CONTAINS]-(:Document {year: $year})
WITH u, y, lead, responsible, support, total, count(a.id) AS lead_then
OPTIONAL MATCH (y)-[:RESPONSIBLE_FOR]->(b:Task)<-[:CONTAINS]-(:Document {year: $year})
WITH u, y, lead, responsible, support, total, lead_then, count(b.id) AS responsible_then
OPTIONAL MATCH (y)-[:SUPPORTS]->(c:Task)<-[:CONTAINS]-(:Document {year: $year})
WITH u, y, lead, responsible, support, total, lead_then, responsible_then, count(c.id) AS support_then
OPTIONAL MATCH (y)-[:LEADS|RESPONSIBLE_FOR|SUPPORTS]->(t:Task)<-[:CONTAINS]-(:Document {year: $year})
WITH u, lead, responsible, support, total, lead_then, responsible_then, support_then, count(DISTINCT t.id) AS total_then
WITH u.id AS id, u.name AS unit, u.region AS region, lead + lead_then AS lead, responsible + responsible_then AS responsible,
     support + support_then AS support, total + total_then AS total
WITH id, unit, region, lead, responsible, support, total,
     CASE $role WHEN 'lead' THEN lead WHEN 'responsible' THEN responsible WHEN 'support' THEN support ELSE total END AS rank
WHERE rank > 0
RETURN unit, region, lead, responsible, support, total
ORDER BY rank DESC, id LIMIT $limit
