// 共同承担任务最多的单位
// title.en: Units that work together most
// description.zh: 共同承担任务的两个单位及任务数，每对只出现一次，不含统称；两个单位都在所给地区之内。
// description.en: Pairs of units with tasks in common, each pair once, without collectives; both units lie in the region.
// parameter: region region ''
// parameter: limit integer 20
// columns: unit, other, tasks
MATCH (t:Task)<-[:LEADS|RESPONSIBLE_FOR|SUPPORTS]-(u:Unit)
WHERE NOT u.collective
  AND ($region = '' OR ('/' + u.region + '/') CONTAINS ('/' + $region + '/') OR ('/' + u.region) CONTAINS ('/' + $region + '（'))
WITH t, collect(DISTINCT u.id) AS ids
WHERE size(ids) > 1
UNWIND ids AS one
UNWIND ids AS two
WITH one, two
WHERE one < two
WITH one, two, count(*) AS tasks
ORDER BY tasks DESC, one, two LIMIT $limit
// One after the other: the embedded store would put each unit beside each.
MATCH (a:Unit {id: one})
WITH one, two, tasks, a.name AS unit
MATCH (b:Unit {id: two})
RETURN unit, b.name AS other, tasks
ORDER BY tasks DESC, one, two
