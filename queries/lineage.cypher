// 任务沿革
// title.en: The lineage of a task
// description.zh: 逐级向上（step 为正）任务由哪项上级任务而来，逐级向下（step 为负）变成了哪些任务；neighbour 是靠近本任务一侧与之相连的任务。
// description.en: Task by task up (`step` above 0) what it is made from, and down (below 0) what it became; `neighbour` is the task that it is linked with on the side of the one asked for.
// parameter: task task required
// example: task=7186fbb95bb16ff8
// columns: step, task, title, text, document, level, wording, state, changes[], neighbour
MATCH (t:Task {id: $task})
OPTIONAL MATCH p = (t)-[:DERIVES_FROM*1..5]->(a:Task)
WITH t, a.id AS above, min(length(p)) AS up
OPTIONAL MATCH q = (b:Task)-[:DERIVES_FROM*1..5]->(t)
WITH t, above, up, b.id AS below, min(length(q)) AS down
UNWIND [0, 1, 2] AS way
WITH DISTINCT t, CASE way WHEN 0 THEN t.id WHEN 1 THEN above ELSE below END AS id,
     CASE way WHEN 0 THEN 0 WHEN 1 THEN up ELSE 0 - down END AS step
WHERE id IS NOT NULL
MATCH (x:Task {id: id})
MATCH (d:Document {id: x.document})
OPTIONAL MATCH (y:Task)-[r:DERIVES_FROM]->(x)
WHERE step > 0 AND (y.id = t.id OR EXISTS { MATCH (t)-[:DERIVES_FROM*1..4]->(y) })
OPTIONAL MATCH (x)-[s:DERIVES_FROM]->(z:Task)
WHERE step < 0 AND (z.id = t.id OR EXISTS { MATCH (z)-[:DERIVES_FROM*1..4]->(t) })
RETURN step, x.id AS task, CASE WHEN coalesce(x.title, '') = '' THEN left(x.text, 30) ELSE x.title END AS title,
       x.text AS text, d.id AS document, d.level AS level,
       coalesce(CASE r.kind WHEN 'one' THEN r.wording ELSE r.kind END,
                CASE s.kind WHEN 'one' THEN s.wording ELSE s.kind END, '') AS wording,
       coalesce(r.state, s.state, '') AS state, coalesce(r.change, s.change) AS changes,
       coalesce(y.id, z.id, '') AS neighbour
ORDER BY step DESC, d.id, x.`order`, x.id, neighbour
