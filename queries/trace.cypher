// 任务溯源
// title.en: Where a task comes from
// description.zh: 从任务逐级向上：先是任务自身引用的依据，再是所在文件及其落实的上级文件；每一支的末行说明止于何处、为何。step 是自任务起的级数，每行的下级是前面最近的、级数少一的一行。made_from 是这份上级文件中本任务所由来的任务。
// description.en: From the task upwards: the papers that it cites itself, then its document and the superiors that this implements; the last row of each branch says why it ends. `step` counts from the task; a row's lower neighbour is the nearest row before it with one step less. `made_from` are the tasks of that paper that the task is made from.
// parameter: task task required
// example: task=760bec5bc140e90a
// columns: step, id, title, level, how, evidence, made_from[]
MATCH (t:Task {id: $task})-[:DERIVES_FROM*0..5]->(o:Task)
// What the task is made from, in whichever paper: the paper, then what is shown of it. With no step at all it is found
// itself: so there is a row, and the embedded store need not look for one that may not be there.
WITH collect(DISTINCT CASE WHEN o.id = t.id THEN ''
       WHEN coalesce(o.title, '') = '' THEN o.document + '\n' + o.id + ' ' + left(o.text, 30)
       ELSE o.document + '\n' + o.id + ' ' + o.title END) AS made
MATCH (d:Document)-[:CONTAINS]->(t:Task {id: $task})
MATCH (t)-[r:CONTAINS|CITES]-(a:Document)
WHERE r.role IS NULL OR (r.role = 'basis' AND a.kind = 'directive')
// From here on the embedded store goes by what it has, and does not look through all documents.
WITH DISTINCT made, d, t, r, a
OPTIONAL MATCH (a)-[ab:IMPLEMENTS]->(b:Document)
OPTIONAL MATCH (b)-[bc:IMPLEMENTS]->(c:Document)
OPTIONAL MATCH (c)-[ce:IMPLEMENTS]->(e:Document)
OPTIONAL MATCH (e)-[ef:IMPLEMENTS]->(f:Document)
// Plain values from here on: the embedded store takes twice as long to carry nodes.
WITH made, t.id AS t_id, coalesce(t.title, '') AS t_title, t.text AS t_text, d.level AS d_level, r.role AS r_role,
     a.id AS a_id, a.title AS a_title, a.level AS a_level, a.why AS a_why, r.quote AS a_words,
     b.id AS b_id, b.title AS b_title, b.level AS b_level, b.why AS b_why, ab.quote AS b_words,
     c.id AS c_id, c.title AS c_title, c.level AS c_level, c.why AS c_why, bc.quote AS c_words,
     e.id AS e_id, e.title AS e_title, e.level AS e_level, e.why AS e_why, ce.quote AS e_words,
     f.id AS f_id, f.title AS f_title, f.level AS f_level, f.why AS f_why, ef.quote AS f_words,
     coalesce(ab.inferred, false) AS b_inferred, coalesce(ab.evidence, ['']) AS b_proofs,
     coalesce(bc.inferred, false) AS c_inferred, coalesce(bc.evidence, ['']) AS c_proofs,
     coalesce(ce.inferred, false) AS e_inferred, coalesce(ce.evidence, ['']) AS e_proofs,
     coalesce(ef.inferred, false) AS f_inferred, coalesce(ef.evidence, ['']) AS f_proofs,
     CASE WHEN f.id IS NOT NULL THEN 5 WHEN e.id IS NOT NULL THEN 4 WHEN c.id IS NOT NULL THEN 3
          WHEN b.id IS NOT NULL THEN 2 ELSE 1 END AS top
// Paths become rows: the task (0), each document of the path (1 to top), and the reason why it ends (top + 1).
UNWIND [0, 1, 2, 3, 4, 5, 6] AS step
WITH made, step, top, CASE WHEN step > top THEN top ELSE step END AS here, t_id, t_title, t_text, d_level, r_role,
     a_id, a_title, a_level, a_why, a_words, b_id, b_title, b_level, b_why, b_words, b_inferred, b_proofs,
     c_id, c_title, c_level, c_why, c_words, c_inferred, c_proofs, e_id, e_title, e_level, e_why, e_words, e_inferred, e_proofs,
     f_id, f_title, f_level, f_why, f_words, f_inferred, f_proofs
WHERE step <= top + 1
WITH made, step,
     CASE WHEN step = 0 THEN '' ELSE CASE WHEN r_role IS NULL THEN '2' ELSE '1' END + '\n' + a_id END
     + CASE WHEN step > 1 THEN '\n' + coalesce(b_id, '') ELSE '' END
     + CASE WHEN step > 2 THEN '\n' + coalesce(c_id, '') ELSE '' END
     + CASE WHEN step > 3 THEN '\n' + coalesce(e_id, '') ELSE '' END
     + CASE WHEN step > 4 THEN '\n' + coalesce(f_id, '') ELSE '' END AS branch_key,
     CASE here WHEN 0 THEN t_id WHEN 1 THEN a_id WHEN 2 THEN b_id WHEN 3 THEN c_id WHEN 4 THEN e_id ELSE f_id END AS id,
     CASE here WHEN 0 THEN CASE WHEN t_title = '' THEN left(t_text, 30) ELSE t_title END
             WHEN 1 THEN a_title WHEN 2 THEN b_title WHEN 3 THEN c_title WHEN 4 THEN e_title ELSE f_title END AS title,
     CASE here WHEN 0 THEN d_level
             WHEN 1 THEN a_level WHEN 2 THEN b_level WHEN 3 THEN c_level WHEN 4 THEN e_level ELSE f_level END AS level,
     CASE WHEN step > top THEN 'ends'
          WHEN here = 0 THEN 'task'
          WHEN here = 1 THEN CASE WHEN r_role IS NULL THEN 'contains' ELSE 'cites' END
          WHEN (here = 2 AND b_inferred) OR (here = 3 AND c_inferred)
            OR (here = 4 AND e_inferred) OR (here = 5 AND f_inferred) THEN 'inferred'
          ELSE 'implements' END AS how,
     CASE WHEN step > top THEN
            CASE here WHEN 1 THEN a_why WHEN 2 THEN b_why WHEN 3 THEN c_why WHEN 4 THEN e_why ELSE f_why END
          WHEN here = 0 THEN t_text
          ELSE CASE here WHEN 1 THEN a_words WHEN 2 THEN b_words WHEN 3 THEN c_words WHEN 4 THEN e_words ELSE f_words END
     END AS words,
     CASE WHEN step > top THEN ['']
          WHEN here = 2 AND b_inferred THEN b_proofs WHEN here = 3 AND c_inferred THEN c_proofs
          WHEN here = 4 AND e_inferred THEN e_proofs WHEN here = 5 AND f_inferred THEN f_proofs ELSE [''] END AS proofs
// An inferred step is told by a third paper: the one whose evidence holds the words. Its id stands in front there.
UNWIND proofs + made AS one
WITH step, branch_key, id, title, level, how, words,
     min(CASE WHEN one STARTS WITH '{' AND (one CONTAINS ('"quote": "' + words + '"') OR words CONTAINS '\n' OR words CONTAINS '"')
              THEN one ELSE NULL END) AS shown,
     collect(DISTINCT CASE WHEN how <> 'ends' AND one STARTS WITH (id + '\n')
             THEN right(one, size(one) - size(id) - 1) ELSE NULL END) AS made_from
WITH step, branch_key, id, title, level, how, words, made_from, head(split(shown, '", "start": ')) AS front
RETURN step, id, title, level, how,
       CASE WHEN front IS NULL THEN words ELSE '“' + words + '” ' + replace(right(front, size(front) - 14), '\\"', '"') END AS evidence,
       made_from
ORDER BY branch_key, step, id
