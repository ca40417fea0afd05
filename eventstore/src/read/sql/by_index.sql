-- A page is a walk along an index. The planner cannot know how many events are of the kinds asked for, guesses few,
-- and would read and sort the whole log for each page.
SET LOCAL enable_seqscan = off;
SET LOCAL enable_bitmapscan = off;
SET LOCAL enable_sort = off;
SET LOCAL max_parallel_workers_per_gather = 0;
