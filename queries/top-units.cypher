// 各地任务最多的单位
// title.en: The busiest units of each place
// description.zh: 每个地区任务最多的若干个单位（不含统称），按合计或所选角色排名；同数的按 id 先后。
// description.en: Of each region the units with the most tasks (no collectives), ranked by the total or by the role chosen; ties by id.
// parameter: first integer 5
// parameter: region region ''
// parameter: role any|lead|responsible|support any
// parameter: year integer 0
// columns: region, rank, unit, lead, responsible, support, total
MATCH (d:Document)-[:CONTAINS]->(t:Task)<-[:LEADS|RESPONSIBLE_FOR|SUPPORTS]-(u:Unit)
WHERE NOT u.collective AND ($year = 0 OR d.year = $year)
  AND ($region = '' OR ('/' + u.region + '/') CONTAINS ('/' + $region + '/') OR ('/' + u.region) CONTAINS ('/' + $region + '（'))
WITH DISTINCT u, t
WITH u.id AS id, u.name AS unit, u.region AS region,
     EXISTS { MATCH (u)-[:LEADS]->(t) } AS leads,
     EXISTS { MATCH (u)-[:RESPONSIBLE_FOR]->(t) } AS answers,
     EXISTS { MATCH (u)-[:SUPPORTS]->(t) } AS helps
WITH id, unit, region,
     count(CASE WHEN leads THEN 1 END) AS lead,
     count(CASE WHEN answers THEN 1 END) AS responsible,
     count(CASE WHEN helps THEN 1 END) AS support,
     count(*) AS total
WITH id, unit, region, lead, responsible, support, total,
     CASE $role WHEN 'lead' THEN lead WHEN 'responsible' THEN responsible WHEN 'support' THEN support ELSE total END AS by
WHERE by > 0
// Each unit of a place beside every other one: how many stand before it.
WITH region, collect({id: id, unit: unit, lead: lead, responsible: responsible, support: support, total: total, by: by}) AS units
UNWIND units AS one
UNWIND units AS other
WITH region, one.id AS id, one.unit AS unit, one.lead AS lead, one.responsible AS responsible, one.support AS support,
     one.total AS total,
     count(CASE WHEN other.by > one.by OR (other.by = one.by AND other.id <= one.id) THEN 1 END) AS rank
WHERE rank <= $first OR $first = 0
RETURN region, rank, unit, lead, responsible, support, total
ORDER BY region, rank, id
