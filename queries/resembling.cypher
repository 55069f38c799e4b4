// 沿用与相似的任务
// title.en: Tasks carried on from the year before, or shared with siblings
// description.zh: 一份文件的任务与同一机关上一年（year-before）、下一年（year-after）同类文件，以及与其他地方同级文件（sibling）的哪些任务相似，附双方原文与改动；与任务来源是两回事。同级文件在 `build --siblings` 之后才有。
// description.en: Which tasks of the same issuer's paper on the subject of the year before (`year-before`) or after (`year-after`), and of papers of other places (`sibling`), a paper's tasks are like, with both texts and what is changed. It says nothing of where a task comes from. Siblings are there after `build --siblings`.
// parameter: document document required
// example: document=荻政办〔2023〕31号
// parameter: among any|year-before|year-after|sibling any
// columns: task, title, text, how, other_task, other_title, other_text, wording, state, score, changes[], document, other_document
MATCH (d:Document)
WHERE d.id = $document OR d.number = $document OR d.title = $document OR $document IN d.aliases
MATCH (d)-[:CONTAINS]->(t:Task)-[r:RESEMBLES]-(x:Task)<-[:CONTAINS]-(o:Document)
WITH d, t, r, x, o,
     CASE WHEN coalesce(d.region, '') <> coalesce(o.region, '') OR coalesce(d.year, 0) = coalesce(o.year, 0) THEN 'sibling'
          WHEN coalesce(d.year, 0) > coalesce(o.year, 0) THEN 'year-before' ELSE 'year-after' END AS how
WHERE $among = 'any' OR how = $among
RETURN t.id AS task, CASE WHEN coalesce(t.title, '') = '' THEN left(t.text, 30) ELSE t.title END AS title, t.text AS text,
       how, x.id AS other_task,
       CASE WHEN coalesce(x.title, '') = '' THEN left(x.text, 30) ELSE x.title END AS other_title, x.text AS other_text,
       CASE r.kind WHEN 'one' THEN r.wording ELSE r.kind END AS wording, r.state AS state, r.score AS score,
       r.change AS changes, d.id AS document, o.id AS other_document
ORDER BY d.id, t.`order`, t.id, how, o.id, x.`order`, x.id
