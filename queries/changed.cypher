// 与上级任务的改动
// title.en: What was changed of the superior's tasks
// description.zh: 时限、指标、要求、牵头单位与上级任务不同之处，逐条列出双方原文；effect 只取放宽（weaker）、加严（stronger）等一类。
// description.en: Deadlines, figures, duties and leads that differ from the superior's task, with the words of both; `effect` takes those alone that are weaker, stronger, narrower or wider.
// parameter: document document ''
// parameter: effect any|weaker|stronger|narrower|wider any
// parameter: limit integer 20
// columns: task, title, change, superior_task, document, superior, item
MATCH (l:Task)-[r:DERIVES_FROM]->(t:Task)
WHERE size(r.change) > 0
MATCH (d:Document)-[:CONTAINS]->(l)
WHERE $document = '' OR d.id = $document OR d.number = $document OR d.title = $document OR $document IN d.aliases
UNWIND r.change AS change
WITH d, l, t, change
WHERE $effect = 'any' OR change CONTAINS (' ' + $effect + ': ')
RETURN l.id AS task, CASE WHEN coalesce(l.title, '') = '' THEN left(l.text, 30) ELSE l.title END AS title,
       change, t.id AS superior_task, d.id AS document, t.document AS superior, l.name AS item
ORDER BY d.id, l.`order`, l.id, t.id, change
LIMIT $limit
