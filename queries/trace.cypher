// 任务溯源
// title.en: Where a task comes from
// description.zh: 从任务逐级向上：先是任务自身引用的依据，再是所在文件及其落实的上级文件；每一支的末行说明止于何处、为何。step 是自任务起的级数，每行的下级是前面最近的、级数少一的一行。made_from 是这份上级文件中本任务所由来的任务。
// description.en: From the task upwards: the papers that it cites itself, then its document and the superiors that this implements; the last row of each branch says why it ends. `step` counts from the task; a row's lower neighbour is the nearest row before it with one step less. `made_from` are the tasks of that paper that the task is made from.
// parameter: task task required
// example: task=760bec5bc140e90a
// columns: step, id, title, level, how, evidence, made_from[]
MATCH (d:Document)-[:CONTAINS]->(t:Task {id: $task})
MATCH (t)-[r:CONTAINS|CITES]-(a:Document)
WHERE r.role IS NULL OR (r.role = 'basis' AND a.kind = 'directive')
// From here on the embedded store goes by what it has, and does not look through all documents.
WITH DISTINCT d, t, r, a
OPTIONAL MATCH (a)-[ab:IMPLEMENTS]->(b:Document)
OPTIONAL MATCH (b)-[bc:IMPLEMENTS]->(c:Document)
OPTIONAL MATCH (c)-[ce:IMPLEMENTS]->(e:Document)
OPTIONAL MATCH (e)-[ef:IMPLEMENTS]->(f:Document)
WITH d, t, r, a, b, c, e, f, ab, bc, ce, ef,
     CASE WHEN r.role IS NULL THEN '2' ELSE '1' END AS branch,
     CASE WHEN f.id IS NOT NULL THEN 5 WHEN e.id IS NOT NULL THEN 4 WHEN c.id IS NOT NULL THEN 3
          WHEN b.id IS NOT NULL THEN 2 ELSE 1 END AS top
// An inferred step is told by a third paper: the one whose evidence holds the words.
OPTIONAL MATCH (s:Document)-[:CITES]->(b)
WHERE ab.inferred
  AND any(x IN ab.evidence WHERE x STARTS WITH ('{"document": "' + s.id + '"')
          AND (x CONTAINS ('"quote": "' + ab.quote + '"') OR ab.quote CONTAINS '\n' OR ab.quote CONTAINS '"'))
WITH d, t, r, a, b, c, e, f, ab, bc, ce, ef, branch, top, min(s.id) AS of_b
OPTIONAL MATCH (s:Document)-[:CITES]->(c)
WHERE bc.inferred
  AND any(x IN bc.evidence WHERE x STARTS WITH ('{"document": "' + s.id + '"')
          AND (x CONTAINS ('"quote": "' + bc.quote + '"') OR bc.quote CONTAINS '\n' OR bc.quote CONTAINS '"'))
WITH d, t, r, a, b, c, e, f, ab, bc, ce, ef, branch, top, of_b, min(s.id) AS of_c
OPTIONAL MATCH (s:Document)-[:CITES]->(e)
WHERE ce.inferred
  AND any(x IN ce.evidence WHERE x STARTS WITH ('{"document": "' + s.id + '"')
          AND (x CONTAINS ('"quote": "' + ce.quote + '"') OR ce.quote CONTAINS '\n' OR ce.quote CONTAINS '"'))
WITH d, t, r, a, b, c, e, f, ab, bc, ce, ef, branch, top, of_b, of_c, min(s.id) AS of_e
OPTIONAL MATCH (s:Document)-[:CITES]->(f)
WHERE ef.inferred
  AND any(x IN ef.evidence WHERE x STARTS WITH ('{"document": "' + s.id + '"')
          AND (x CONTAINS ('"quote": "' + ef.quote + '"') OR ef.quote CONTAINS '\n' OR ef.quote CONTAINS '"'))
WITH d, t, r, a, b, c, e, f, ab, bc, ce, ef, branch, top, of_b, of_c, of_e, min(s.id) AS of_f
// Paths become rows: the task (0), each document of the path (1 to top), and the reason why it ends (top + 1).
UNWIND [0, 1, 2, 3, 4, 5, 6] AS step
WITH d, t, r, a, b, c, e, f, ab, bc, ce, ef, branch, top, of_b, of_c, of_e, of_f, step
WHERE step <= top + 1
WITH step, top, d, t, r, ab, bc, ce, ef, of_b, of_c, of_e, of_f,
     CASE WHEN step > top THEN top ELSE step END AS here, a, b, c, e, f,
     CASE WHEN step = 0 THEN '' ELSE branch + '\n' + a.id END
     + CASE WHEN step > 1 THEN '\n' + coalesce(b.id, '') ELSE '' END
     + CASE WHEN step > 2 THEN '\n' + coalesce(c.id, '') ELSE '' END
     + CASE WHEN step > 3 THEN '\n' + coalesce(e.id, '') ELSE '' END
     + CASE WHEN step > 4 THEN '\n' + coalesce(f.id, '') ELSE '' END AS branch_key
WITH DISTINCT t, branch_key, step,
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
     CASE WHEN step > top THEN NULL ELSE
       CASE here WHEN 2 THEN of_b WHEN 3 THEN of_c WHEN 4 THEN of_e WHEN 5 THEN of_f END
     END AS source
OPTIONAL MATCH (t)-[:DERIVES_FROM*1..5]->(o:Task)
WHERE o.document = id AND how <> 'ends'
WITH branch_key, step, id, title, level, how, words, source,
     collect(DISTINCT CASE WHEN o.id IS NULL THEN NULL WHEN coalesce(o.title, '') = '' THEN o.id + ' ' + left(o.text, 30)
             ELSE o.id + ' ' + o.title END) AS made_from
RETURN step, id, title, level, how,
       CASE WHEN source IS NULL THEN words ELSE '“' + words + '” ' + source END AS evidence, made_from
ORDER BY branch_key, step, id
