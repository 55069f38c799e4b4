// title.zh: 任务溯源
// title.en: Where a task comes from
// description.zh: 从任务逐级向上：先是任务自身引用的依据，再是所在文件及其落实的上级文件；每一支的末行说明止于何处、为何。step 是自任务起的级数，每行的下级是前面最近的、级数少一的一行。
// description.en: From the task upwards: the papers that it cites itself, then its document and the superiors that this implements; the last row of each branch says why it ends. `step` counts from the task; a row's lower neighbour is the nearest row before it with one step less.
// parameter: task string required
// columns: step, id, title, level, how, evidence
MATCH (d:Document)-[:CONTAINS]->(t:Task {id: $task})
MATCH (t)-[r:CONTAINS|CITES]-(a:Document)
WHERE r.role IS NULL OR (r.role = 'basis' AND a.kind = 'directive')
OPTIONAL MATCH (a)-[ab:IMPLEMENTS]->(b:Document)
OPTIONAL MATCH (b)-[bc:IMPLEMENTS]->(c:Document)
OPTIONAL MATCH (c)-[ce:IMPLEMENTS]->(e:Document)
OPTIONAL MATCH (e)-[ef:IMPLEMENTS]->(f:Document)
WITH d, t, r, a, b, c, e, f, ab, bc, ce, ef,
     CASE WHEN r.role IS NULL THEN '2' ELSE '1' END AS branch,
     CASE WHEN f.id IS NOT NULL THEN 5 WHEN e.id IS NOT NULL THEN 4 WHEN c.id IS NOT NULL THEN 3
          WHEN b.id IS NOT NULL THEN 2 ELSE 1 END AS top
// Paths become rows: the task (0), each document of the path (1 to top), and the reason why it ends (top + 1).
UNWIND [0, 1, 2, 3, 4, 5, 6] AS step
WITH d, t, r, a, b, c, e, f, ab, bc, ce, ef, branch, top, step
WHERE step <= top + 1
WITH step, top, d, t, r, ab, bc, ce, ef,
     CASE WHEN step > top THEN top ELSE step END AS here, a, b, c, e, f,
     CASE WHEN step = 0 THEN '' ELSE branch + '\n' + a.id END
     + CASE WHEN step > 1 THEN '\n' + coalesce(b.id, '') ELSE '' END
     + CASE WHEN step > 2 THEN '\n' + coalesce(c.id, '') ELSE '' END
     + CASE WHEN step > 3 THEN '\n' + coalesce(e.id, '') ELSE '' END
     + CASE WHEN step > 4 THEN '\n' + coalesce(f.id, '') ELSE '' END AS branch_key
WITH DISTINCT branch_key, step,
     CASE here WHEN 0 THEN t.id WHEN 1 THEN a.id WHEN 2 THEN b.id WHEN 3 THEN c.id WHEN 4 THEN e.id ELSE f.id END AS id,
     CASE here WHEN 0 THEN CASE WHEN coalesce(t.title, '') = '' THEN left(t.text, 30) ELSE t.title END
             WHEN 1 THEN a.title WHEN 2 THEN b.title WHEN 3 THEN c.title WHEN 4 THEN e.title ELSE f.title END AS title,
     CASE here WHEN 0 THEN d.level
             WHEN 1 THEN a.level WHEN 2 THEN b.level WHEN 3 THEN c.level WHEN 4 THEN e.level ELSE f.level END AS level,
     CASE WHEN step > top THEN 'ends'
          WHEN here = 0 THEN 'task'
          WHEN here = 1 THEN CASE WHEN r.role IS NULL THEN 'contains' ELSE 'cites' END
          WHEN (here = 2 AND ab.inferred) OR (here = 3 AND bc.inferred)
            OR (here = 4 AND ce.inferred) OR (here = 5 AND ef.inferred) THEN 'inferred'
          ELSE 'implements' END AS how,
     CASE WHEN step > top THEN
            CASE here WHEN 1 THEN a.why WHEN 2 THEN b.why WHEN 3 THEN c.why WHEN 4 THEN e.why ELSE f.why END
          WHEN here = 0 THEN t.text
          ELSE CASE here WHEN 1 THEN r.quote WHEN 2 THEN ab.quote WHEN 3 THEN bc.quote WHEN 4 THEN ce.quote ELSE ef.quote END
     END AS words,
     CASE here WHEN 2 THEN ab.evidence WHEN 3 THEN bc.evidence WHEN 4 THEN ce.evidence WHEN 5 THEN ef.evidence END AS proofs
// An inferred step is told by a third paper: the one whose evidence holds the words.
OPTIONAL MATCH (s:Document)-[:CITES]->(upper:Document {id: id})
WHERE how = 'inferred'
  AND any(x IN proofs WHERE x STARTS WITH ('{"document": "' + s.id + '"')
          AND (x CONTAINS ('"quote": "' + words + '"') OR words CONTAINS '\n' OR words CONTAINS '"'))
WITH branch_key, step, id, title, level, how, words, min(s.id) AS source
RETURN step, id, title, level, how,
       CASE WHEN source IS NULL THEN words ELSE '“' + words + '” ' + source END AS evidence
ORDER BY branch_key, step, id
