// 待确认的任务来源
// title.en: Links that a person should look at
// description.zh: 可能（likely）和待复核（suspect）的任务来源，附双方原文；每项任务至多列出三条可能的来源。
// description.en: Links between tasks that are likely, or suspect because a text has changed since a person confirmed them, with both texts; at most three likely ones a task.
// parameter: document document ''
// parameter: limit integer 20
// columns: task, title, text, superior_task, superior_title, superior_text, state, score, document, superior
MATCH (l:Task)-[r:DERIVES_FROM]->(t:Task)
WHERE r.state = 'likely' OR r.state = 'suspect'
MATCH (d:Document)-[:CONTAINS]->(l)
WHERE $document = '' OR d.id = $document OR d.number = $document OR d.title = $document OR $document IN d.aliases
RETURN l.id AS task, CASE WHEN coalesce(l.title, '') = '' THEN left(l.text, 30) ELSE l.title END AS title, l.text AS text,
       t.id AS superior_task,
       CASE WHEN coalesce(t.title, '') = '' THEN left(t.text, 30) ELSE t.title END AS superior_title,
       t.text AS superior_text, r.state AS state, r.score AS score, d.id AS document, t.document AS superior
ORDER BY d.id, l.`order`, l.id, score DESC, t.id
LIMIT $limit
