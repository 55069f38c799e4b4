// 依据链中断的任务
// title.en: Tasks whose chain ends early
// description.zh: 依据链未达到所给级别的任务：止于哪份文件、为何；有几支的取到达级别最高的一支。
// description.en: Tasks whose chain ends below the level: at which document, and why; of several branches the one that reaches highest.
// parameter: level national|province|city|county|township national
// columns: task, title, stops_at, why, document, item, words, region
MATCH (t:Task)-[r:CONTAINS|CITES]-(a:Document)-[:IMPLEMENTS*0..8]->(x:Document)
WHERE r.role IS NULL OR (r.role = 'basis' AND a.kind = 'directive')
// One text holds the rank of a level, whether the branch is the document's own or the task's, and the id: its least is the best.
WITH t, min(CASE x.level WHEN 'national' THEN '1' WHEN 'province' THEN '2' WHEN 'city' THEN '3'
                         WHEN 'county' THEN '4' WHEN 'township' THEN '5' ELSE '6' END
            + CASE WHEN r.role IS NULL THEN '1' ELSE '2' END + x.id) AS best
WHERE left(best, 1) > CASE $level WHEN 'national' THEN '1' WHEN 'province' THEN '2' WHEN 'city' THEN '3'
                                  WHEN 'county' THEN '4' ELSE '5' END
MATCH (x:Document {id: right(best, size(best) - 2)})
MATCH (d:Document)-[:CONTAINS]->(t)
RETURN t.id AS task, CASE WHEN coalesce(t.title, '') = '' THEN left(t.text, 30) ELSE t.title END AS title,
       x.id AS stops_at, x.why AS why, d.id AS document,
       t.name AS item, left(t.text, 60) AS words, coalesce(d.region, '') AS region
ORDER BY d.id, t.`order`, t.id
