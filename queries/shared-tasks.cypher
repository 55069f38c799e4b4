// 共同承担任务最多的单位
// title.en: Units that work together most
// description.zh: 共同承担任务的两个单位及任务数，每对只出现一次，不含统称；两个单位都在所给地区之内。
// description.en: Pairs of units with tasks in common, each pair once, without collectives; both units lie in the region.
// parameter: region region ''
// parameter: limit integer 20
// columns: unit, other, tasks
MATCH (a:Unit)-[:LEADS|RESPONSIBLE_FOR|SUPPORTS]->(t:Task)<-[:LEADS|RESPONSIBLE_FOR|SUPPORTS]-(b:Unit)
WHERE a.id < b.id AND NOT a.collective AND NOT b.collective
  AND ($region = '' OR ('/' + a.region + '/') CONTAINS ('/' + $region + '/') OR ('/' + a.region) CONTAINS ('/' + $region + '（'))
  AND ($region = '' OR ('/' + b.region + '/') CONTAINS ('/' + $region + '/') OR ('/' + b.region) CONTAINS ('/' + $region + '（'))
WITH DISTINCT a, b, t
WITH a.id AS one, b.id AS two, a.name AS unit, b.name AS other, count(*) AS tasks
RETURN unit, other, tasks
ORDER BY tasks DESC, one, two LIMIT $limit
