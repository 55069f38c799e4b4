// 一份文件的落实情况
// title.en: What a directive set in motion
// description.zh: 直接或逐级落实该文件的下级文件：所需级数（最少）和任务数。
// description.en: The documents below that implement it, directly or step by step: the fewest steps and the number of tasks.
// parameter: document document required
// example: document=国办发〔2023〕908号
// columns: document, level, region, steps, tasks
MATCH p = (d:Document)-[:IMPLEMENTS*1..8]->(x:Document)
WHERE x.id = $document OR x.number = $document OR x.title = $document OR $document IN x.aliases
WITH d, min(length(p)) AS steps
OPTIONAL MATCH (d)-[:CONTAINS]->(t:Task)
WITH d, steps, count(t.id) AS tasks
RETURN d.id AS document, d.level AS level, d.region AS region, steps, tasks
ORDER BY steps, d.id
