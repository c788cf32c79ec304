"""Running processes (运行中的流程): what an app needs to let its records go through a process that is data.

The engine and what a definition says: `ronglian.engines.process`, docs/explanation/algorithms/processes.md.

    # once, in the app's AppConfig.ready():
    from ronglian.kernel.process.subjects import Subject, register_subject
    register_subject(Subject("challenge", facts=facts_of_challenge, fired=after_clock, reminded=remind))

    # inside an operation of the app (its transaction, its lock, its permission):
    from ronglian.kernel.process.running import advance, pause, resume, retime, start_part, start_process
    process = start_process(actor=actor, definition="national_challenge", kind="challenge",
                            subject_id=challenge.public_id, facts=facts, now=now)
    advance(process, "publish", actor=actor, roles={"authority"}, facts=facts, now=now,
            documents={"argument_record": str(paper.public_id)})

    # in queries and presenters:
    from ronglian.kernel.process.queries import deadlines, main_process, next_steps, stage_of, timeline
    for step in next_steps(process, roles, facts, now):
        step.is_allowed, step.who, [reason.words.say(language) for reason in step.reasons]

- `advance` locks the row, asks the engine, writes tokens, timers and the event `process.advanced`, and answers what it did. It
  raises NotAllowed when only the role is wrong and RuleViolation otherwise, with `reasons`, all of them.
- `roles` are the definition's (`issuer`, `bidder`, …); which of them an actor has is the app's to say. `facts` map the
  definition's facts to bool, int (money in fen), str or an aware datetime; what is not known is left out or None.
- Timers fire from the worker, once: `fired(process, done, actor, now)` of the subject runs in the same transaction;
  what it raises undoes the firing, which is tried again. `reminded(process, timer, now)` is for timers that only remind.
- A process keeps the text of its definition for life. `operations.migrate_process` moves it to another version.
"""
